// Asks before a form is sent or a link followed: data-confirm="question", data-confirm-label="button text".
// One <dialog> for the page; Escape and 取消 do nothing; the keyboard returns to where it was.
function build() {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "confirm-text");
  const text = document.createElement("p");
  text.id = "confirm-text";
  const row = document.createElement("div");
  row.className = "btn-row mt-3";
  const yes = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-primary" });
  const no = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-outline-primary", textContent: "取消" });
  row.append(yes, no);
  dialog.append(text, row);
  document.body.append(dialog);
  no.addEventListener("click", () => dialog.close());
  return { dialog, text, yes };
}

let parts;

function ask(source, go) {
  parts ??= build();
  parts.text.textContent = source.dataset.confirm;
  parts.yes.textContent = source.dataset.confirmLabel || "确定";
  parts.yes.onclick = () => {
    parts.dialog.close();
    go();
  };
  parts.dialog.showModal();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const source = event.submitter?.dataset.confirm ? event.submitter : form;
  if (!source.dataset.confirm || form.dataset.confirmed) {
    delete form.dataset.confirmed;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(source, () => {
    form.dataset.confirmed = "1";
    form.requestSubmit(event.submitter ?? undefined);
  });
}, { capture: true });

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-confirm]");
  if (!link) return;
  event.preventDefault();
  ask(link, () => location.assign(link.href));
});
