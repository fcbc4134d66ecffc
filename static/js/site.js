// Loads the module of each feature that this page has; a page without them loads nothing more. Only the question
// before a dangerous step is always there: it must be ready before anybody can press the button.
import "./confirm.js";

const FEATURES = {
  "form[data-autosave]": "./autosave.js",
  "[data-rows]": "./rows.js",
  "[data-counter]": "./counter.js",
  "input[type=file][data-max-mb]": "./upload.js",
  "details[data-claim]": "./claims.js",
  "body[data-idle-minutes]": "./session.js",
  "#job[data-job]": "./job.js",
  "[data-check-all]": "./checkall.js",
};

for (const [selector, module] of Object.entries(FEATURES)) {
  if (document.querySelector(selector)) {
    import(module);
  }
}

// Menus close on Escape and on a click elsewhere.
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  });
});
