// The page of a sitting panel: htmx draws the part [data-live] anew; where the meeting has moved on (its data-state is
// another one) the whole page is loaded again, unless somebody is typing or about to vote: they get a link instead.
const now = document.querySelector("[data-live]");
const stateOf = () => now.querySelector("[data-state]")?.dataset.state;
const first = stateOf();

function isBusy() {
  const fields = [...document.querySelectorAll("textarea, input[type=text]")];
  const typed = fields.some((field) => field === document.activeElement || field.value !== field.defaultValue);
  return typed || Boolean(document.querySelector("dialog[open], [data-ballot] input:checked"));
}

function offer() {
  if (document.querySelector(".live-news")) return;
  const news = document.createElement("p");
  news.className = "notice notice-warning live-news";
  news.setAttribute("role", "status");
  const link = Object.assign(document.createElement("a"), { href: location.pathname, textContent: "会议有新的进展，点这里查看" });
  news.append(link);
  now.before(news);
}

document.body.addEventListener("htmx:afterSwap", () => {
  document.dispatchEvent(new Event("input")); // whoever watches the meeting is not idle (session.js)
  if (stateOf() === first) return;
  if (isBusy()) offer();
  else location.replace(location.pathname);
});
document.body.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status < 500) location.reload(); // signed out, or no longer of this session
});
