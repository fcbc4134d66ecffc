// Nobody loses a long form to the idle limit: typing keeps the session, and two minutes before it ends a dialog asks.
// <body data-idle-minutes="15" data-session-url="/session/">. Saving by other modules also keeps it, on the server's side.
const MINUTE = 60_000;
const WARN = 2 * MINUTE;
const body = document.body;
const limit = Number(body.dataset.idleMinutes) * MINUTE;
const every = Math.min(4 * MINUTE, limit / 3); // how often typing reports
let last = Date.now();
let dialog;

async function keep() {
  const asked = Date.now();
  try {
    const answer = await fetch(body.dataset.sessionUrl, { redirect: "manual", headers: { "HX-Request": "true" } });
    if (answer.status === 204) {
      last = asked;
      dialog?.close();
    }
  } catch {
    // no network: the next key press tries again, the dialog comes in time
  }
}

function build() {
  dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "session-text");
  const text = document.createElement("p");
  text.id = "session-text";
  text.setAttribute("role", "status");
  const go = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-primary", textContent: "继续使用" });
  go.addEventListener("click", keep);
  dialog.append(text, go);
  body.append(dialog);
}

function look() {
  const left = limit - (Date.now() - last);
  if (left > WARN) return;
  if (!dialog) build();
  dialog.querySelector("p").textContent =
    left > 0
      ? `长时间没有操作，约 ${Math.max(1, Math.round(left / MINUTE))} 分钟后将自动退出登录。`
      : "登录已超时。没有保存的内容请先复制，再重新登录。";
  if (left <= 0) dialog.querySelector("button")?.remove();
  if (!dialog.open) dialog.showModal();
}

document.addEventListener("input", () => Date.now() - last > every && keep());
setInterval(look, 15_000);
document.addEventListener("visibilitychange", () => document.hidden || look());
