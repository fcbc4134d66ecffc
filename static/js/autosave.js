// Saves a long form while it is being filled in: <form data-autosave data-url="…" data-version="3">.
// The server answers {ok, version, saved_at, problems: [{anchor, text}], conflict, url, message}; 409 means that
// somebody else saved first. Nothing is kept in the browser's storage: the texts hold personal data.
const WAIT = 1200; // ms after the last change
const RETRY = [30, 60, 120, 300]; // seconds

export class Autosave {
  constructor(form) {
    this.form = form;
    this.state = form.querySelector("[data-autosave-state]") ?? document.querySelector("[data-autosave-state]");
    this.state?.setAttribute("aria-live", "polite");
    this.changes = 0; // counts up with every change
    this.saved = 0; // the count that the server has
    this.refused = 0; // the count that the server refused: the same text would be refused again
    this.failures = 0;
    this.sending = this.stopped = this.leaving = false;
    form.addEventListener("input", (event) => this.changed(event));
    form.addEventListener("change", (event) => this.changed(event));
    form.addEventListener("rows:changed", (event) => this.changed(event));
    form.addEventListener("submit", (event) => this.leave(event));
    window.addEventListener("online", () => this.failures && this.save());
    window.addEventListener("beforeunload", (event) => {
      if (this.isDirty && !this.leaving) event.returnValue = "unsaved";
    });
    window.addEventListener("pageshow", (event) => event.persisted && location.reload()); // an old version number
    if (this.typedBefore()) this.changed({ target: form }); // before this module was there
    document.addEventListener("visibilitychange", () => document.hidden && this.isDirty && this.save());
  }

  typedBefore() {
    const texts = [...this.form.querySelectorAll("textarea, input:not([type=hidden], [type=file], [type=checkbox])")];
    return texts.some((field) => field.value !== field.defaultValue);
  }

  get isDirty() {
    return this.changes > this.saved;
  }

  changed(event) {
    if (this.stopped || event.target.type === "file") return; // files go by their own button
    this.changes += 1;
    this.plan(WAIT);
  }

  plan(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  leave(event) {
    if (this.sending) { // let the running save finish first, or the form would meet its own new version
      event.preventDefault();
      event.stopImmediatePropagation();
      this.running.then(() => this.form.requestSubmit(event.submitter ?? undefined));
      return;
    }
    clearTimeout(this.timer);
    setTimeout(() => (this.stopped = this.leaving = !event.defaultPrevented)); // refused by another module: stay
  }

  save() {
    if (this.sending || this.stopped || !this.isDirty || this.changes === this.refused) return;
    clearTimeout(this.timer);
    this.sending = true; // never two at once: what changes meanwhile is planned afterwards
    const upTo = this.changes;
    this.say("saving", "正在保存…");
    this.running = this.send()
      .then((answer) => this.take(answer, upTo), () => this.retry())
      .finally(() => {
        this.sending = false;
        if (this.changes > upTo && !this.failures && !this.stopped) this.plan(WAIT);
      });
  }

  async send() {
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) {
      if (value instanceof File) body.delete(name);
    }
    const response = await fetch(this.form.dataset.url || location.href, {
      method: "POST",
      body,
      credentials: "same-origin",
      keepalive: document.hidden, // leaving the page must not cut off the last save
      headers: { "X-Autosave": "1", Accept: "application/json" },
    });
    const isJson = response.headers.get("Content-Type")?.includes("json");
    if (response.status >= 500) throw new Error("server");
    if (isJson) return { ...(await response.json()), status: response.status };
    const message = response.redirected ? "登录已过期，请在新窗口登录后再保存" : "保存被拒绝，请用页面上的“保存”按钮";
    return { ok: false, message, status: response.status };
  }

  take(answer, upTo) {
    this.failures = 0;
    if (answer.conflict || answer.status === 409) {
      this.stopped = true;
      this.say("conflict", answer.message || "有人同时修改，自动保存已停止", answer.url);
    } else if (answer.ok) {
      this.saved = upTo;
      this.setVersion(answer.version);
      this.say("saved", `已自动保存 ${answer.saved_at ?? ""}`.trim());
      this.form.dispatchEvent(new CustomEvent("autosave:saved", { bubbles: true, detail: answer }));
      this.showProblems(answer.problems);
    } else {
      this.refused = upTo;
      this.say("refused", answer.message || "保存失败，请用页面上的“保存”按钮");
    }
  }

  retry() {
    const seconds = RETRY[Math.min(this.failures, RETRY.length - 1)];
    this.failures += 1;
    this.say("failed", `保存失败，${seconds} 秒后重试`);
    this.plan(seconds * 1000);
  }

  setVersion(version) {
    if (version === undefined) return;
    this.form.dataset.version = version;
    const input = this.form.elements.namedItem("version");
    if (input) input.value = version;
  }

  showProblems(problems) {
    const list = document.querySelector("[data-autosave-problems]");
    if (!list || !problems) return;
    list.replaceChildren(
      ...problems.map(({ anchor, text }) => {
        const item = document.createElement("li");
        const link = item.appendChild(document.createElement(anchor ? "a" : "span"));
        if (anchor) link.href = `#${anchor}`;
        link.textContent = text;
        return item;
      }),
    );
  }

  say(state, text, url) {
    if (!this.state) return;
    this.state.dataset.autosaveState = state;
    this.state.textContent = text;
    if (url) {
      const link = document.createElement("a");
      link.href = url;
      link.textContent = "查看对方的修改";
      this.state.append("。", link);
    }
  }
}

document.querySelectorAll("form[data-autosave]").forEach((form) => new Autosave(form));
