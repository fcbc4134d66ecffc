// The page of a job looks again by itself while the job runs: <div id="job" data-job="milliseconds">.
// Without JavaScript the page reloads by <meta refresh>. It stops while the tab is hidden.
async function look() {
  const shown = document.querySelector("#job[data-job]");
  if (!shown) {
    return;
  }
  if (!document.hidden) {
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (response.redirected) {
        location.reload(); // signed out meanwhile
        return;
      }
      if (response.ok) {
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        shown.replaceWith(document.adoptNode(page.querySelector("#job")));
      }
    } catch {
      // No connection: the next look may find one.
    }
  }
  setTimeout(look, Number(shown.dataset.job));
}

setTimeout(look, Number(document.querySelector("#job[data-job]").dataset.job));
