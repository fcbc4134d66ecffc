// A record made at the place on a phone (site visit, inspection): what is typed is kept in this browser until the server has it, so a lost
// line, a reload or an expired login loses nothing. <form data-record-draft="record:user" data-version data-last-saved-from>.
// The server answers a save by {ok, version, saved_at, location, message}; 409 means that somebody else saved first,
// and then the page itself is sent, which shows both texts. Pictures wait in memory and are sent again when the line is back.
// A page of many small records (data-record-own): each form has its own state and notice, its version is the field marked
// data-record-version, a button may fill fields (data-fill="name=value;…"), and what data-record-refresh names is drawn anew.
const KEPT_DAYS = 14;
const PREFIX = "record-draft:";

const newKey = () => {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
};
const clock = (time) => new Date(time).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });

// A refused form leaves the browser at the address that was posted to; the page itself is named by data-record-page.
const pageOf = (form) => form.dataset.recordPage ?? location.href;

class Store {
  constructor(name) {
    this.name = PREFIX + name;
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.name));
    } catch {
      return null; // damaged, or storage is switched off
    }
  }

  write(draft) {
    try {
      localStorage.setItem(this.name, JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }

  clear() {
    try {
      localStorage.removeItem(this.name);
    } catch {
      // storage is switched off: there is nothing to clear
    }
  }

  // Drafts that nobody came back for, of any record, do not stay on a shared phone.
  static sweep() {
    try {
      for (const name of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
        const at = JSON.parse(localStorage.getItem(name))?.at ?? 0;
        if (Date.now() - at > KEPT_DAYS * 86_400_000) localStorage.removeItem(name);
      }
    } catch {
      // storage is switched off
    }
  }
}

class Record {
  constructor(form) {
    this.form = form;
    this.store = new Store(form.dataset.recordDraft);
    const around = "recordOwn" in form.dataset ? form : document;
    this.states = around.querySelectorAll("[data-draft-state]");
    this.notice = around.querySelector("[data-draft-notice]");
    this.version = form.querySelector("[data-record-version]") ?? form.elements.version;
    this.dirty = this.sending = this.waiting = false;
    this.begin();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("online", () => this.waiting && this.send(this.button));
  }

  get fields() {
    const data = {};
    for (const [name, value] of new FormData(this.form)) {
      if (![this.version.name, "csrfmiddlewaretoken", "form_key", "saved_from"].includes(name)) data[name] = value;
    }
    return data;
  }

  fill(fields) {
    for (const control of this.form.elements) {
      if (!control.name || control.type === "hidden" || control.type === "submit") continue;
      if (control.type === "radio") control.checked = fields[control.name] === control.value;
      else if (control.name in fields) control.value = fields[control.name];
    }
  }

  // What this browser kept from before: taken up again, or shown beside newer text of the server.
  begin() {
    const draft = this.store.read();
    if (!draft?.fields || this.form.dataset.typed !== undefined) return;
    if (JSON.stringify(draft.fields) === JSON.stringify(this.fields)) return this.store.clear();
    const { version, lastSavedFrom } = this.form.dataset;
    const isSame = draft.version === version || (lastSavedFrom && draft.savedFrom === lastSavedFrom);
    if (isSame) {
      this.takeUp(draft);
      this.tell(`已恢复这部手机上 ${clock(draft.at)} 写的、还没有保存的内容，请核对后保存。`, [["放弃这些内容", () => this.drop()]]);
    } else {
      const text = `这部手机上有 ${clock(draft.at)} 写的、还没有保存的内容，但其他人后来保存过。现在显示的是已保存的内容，没有被改动。`;
      this.tell(text, [["改为显示手机上的内容", () => this.compare(draft)], ["放弃手机上的内容", () => this.drop()]]);
      this.held = true; // typing now must not overwrite the kept draft unseen
    }
  }

  takeUp(draft) {
    if (this.form.elements.saved_from) this.form.elements.saved_from.value = draft.savedFrom;
    this.version.value = draft.version;
    this.fill(draft.fields);
    this.form.querySelectorAll("details").forEach((part) => (part.open = true));
    this.dirty = true;
    this.say("draft", "内容在这部手机上，还没有保存");
  }

  // The draft goes into the form with its old version: saving it makes the server show both texts.
  compare(draft) {
    this.held = false;
    this.takeUp(draft);
    this.notice.hidden = true;
    this.say("draft", "现在显示的是手机上的内容；保存时会列出与已保存内容的不同之处");
  }

  drop() {
    this.store.clear();
    location.reload();
  }

  tell(text, acts) {
    const words = document.createElement("p");
    words.setAttribute("role", "alert");
    words.textContent = text;
    const row = document.createElement("div");
    row.className = "btn-row";
    for (const [label, act] of acts) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-outline-primary btn-sm", textContent: label });
      button.addEventListener("click", act);
      row.append(button);
    }
    this.notice.replaceChildren(words, row);
    this.notice.hidden = false;
  }

  changed() {
    this.dirty = true;
    if (this.held) return this.say("draft", "请先在页面上方选择怎样处理手机上原有的内容");
    this.keep();
  }

  keep() {
    const savedFrom = this.form.elements.saved_from?.value ?? "";
    const kept = this.store.write({ version: this.version.value, savedFrom, at: Date.now(), fields: this.fields });
    const where = kept ? "内容已存在这部手机上，还没有保存到服务器" : "这部手机不能暂存内容，请尽快保存";
    this.say(navigator.onLine ? "draft" : "offline", navigator.onLine ? where : `没有网络，${where}`);
  }

  submit(event) {
    event.preventDefault();
    this.send(event.submitter);
  }

  async send(button) {
    if (this.sending) return;
    this.sending = true;
    this.waiting = false;
    this.button = button;
    if (button?.dataset.fill) this.fill(Object.fromEntries(button.dataset.fill.split(";").map((pair) => pair.split("="))));
    this.form.elements.form_key.value = newKey();
    const body = new FormData(this.form, button?.name ? button : undefined);
    const sent = JSON.stringify(this.fields);
    this.say("saving", "正在保存…");
    try {
      const response = await fetch(this.form.action, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
      const isJson = response.headers.get("Content-Type")?.includes("json");
      if (isJson) this.take(await response.json(), response.status, sent, button);
      else if (response.redirected) this.fail("登录已过期。内容已存在这部手机上，请重新登录后打开本页再保存");
      else if (response.status >= 500) this.wait("服务器暂时没有响应");
      else this.fail("没有保存成功，请刷新页面后再试，写过的内容不会丢失");
    } catch {
      this.wait("没有网络");
    } finally {
      this.sending = false;
    }
  }

  take(answer, status, sent, button) {
    if (!answer.ok) return this.native(button); // the page of the server says what is wrong, and shows both texts
    this.version.value = this.form.dataset.version = answer.version;
    if (JSON.stringify(this.fields) === sent) {
      this.dirty = false;
      this.store.clear();
      this.notice.hidden = true;
      this.say("saved", `已保存 ${answer.saved_at}`);
      if (answer.location) location.assign(answer.location);
      else if (this.form.dataset.recordRefresh) this.refresh();
    } else {
      this.keep(); // typed on while it was being saved
    }
  }

  // The parts of the page that tell of this record are drawn anew, whatever is being typed elsewhere.
  async refresh() {
    const page = await fetch(pageOf(this.form), { credentials: "same-origin" }).then((answer) => answer.text(), () => "");
    const read = new DOMParser().parseFromString(page, "text/html");
    for (const selector of this.form.dataset.recordRefresh.split(",")) {
      const [fresh, old] = [read.querySelector(selector), document.querySelector(selector)];
      if (!fresh || !old) continue;
      const held = old.contains(document.activeElement) || document.activeElement === document.body;
      const drawn = document.importNode(fresh, true);
      old.replaceWith(drawn);
      begin(drawn);
      if (held && drawn.hasAttribute("tabindex")) drawn.focus({ preventScroll: true });
    }
  }

  native(button) {
    this.keep();
    this.form.elements.form_key.value = newKey();
    if (button?.name) {
      this.form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
    }
    this.form.submit();
  }

  wait(why) {
    this.waiting = true;
    this.keep();
    this.say("offline", `${why}，内容已存在这部手机上，恢复后会自动保存`);
  }

  fail(text) {
    this.keep();
    this.say("failed", text);
  }

  say(state, text) {
    this.states.forEach((element) => {
      element.dataset.state = state;
      element.textContent = text;
    });
  }
}

class Photos {
  constructor(form) {
    this.form = form;
    this.state = form.querySelector("[data-photo-state]");
    this.place = form.dataset.recordPhotos || "#photos";
    this.queue = []; // [{key, file, caption}] that the server does not have yet
    this.failed = []; // sentences about pictures that it refused
    this.running = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.enqueue();
    });
    form.querySelectorAll("input[type=file]").forEach((input) => input.addEventListener("change", () => this.enqueue()));
    window.addEventListener("online", () => this.run());
    window.addEventListener("beforeunload", (event) => {
      if (this.queue.length) event.preventDefault();
    });
  }

  enqueue() {
    const caption = this.form.elements.caption.value;
    this.failed = [];
    for (const input of this.form.querySelectorAll("input[type=file]")) {
      for (const file of input.files) this.queue.push({ key: newKey(), file, caption });
      input.value = "";
    }
    if (this.queue.length) this.run();
    else this.say("failed", "请拍照或选择照片。");
  }

  async run() {
    if (this.running || !this.queue.length) return;
    this.running = true;
    const total = this.queue.length;
    while (this.queue.length) {
      this.say("saving", `正在上传第 ${total - this.queue.length + 1} 张，共 ${total} 张…`);
      try {
        const { key, file, caption } = this.queue[0];
        const body = new FormData();
        body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
        body.set("client_key", key);
        body.set("caption", caption);
        body.set("album", file);
        const response = await fetch(this.form.action, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
        if (response.status >= 500) throw new Error("server");
        if (!response.headers.get("Content-Type")?.includes("json")) {
          this.running = false;
          return this.say("failed", "登录已过期，照片还没有上传，请在新窗口登录后再点“上传照片”。");
        }
        const answer = await response.json();
        if (!answer.ok) this.failed.push(answer.message);
        this.queue.shift();
      } catch {
        this.running = false;
        return this.say("offline", `没有网络，还有 ${this.queue.length} 张照片没有上传。请不要关闭本页，恢复后会自动上传。`);
      }
    }
    this.running = false;
    if (this.failed.length) return this.say("failed", this.failed.join(""));
    this.say("saved", "照片已上传。");
    this.form.elements.caption.value = "";
    this.refresh();
  }

  // The new pictures come into the list without leaving what is being typed.
  async refresh() {
    const page = await fetch(pageOf(this.form), { credentials: "same-origin" }).then((answer) => answer.text(), () => "");
    const fresh = new DOMParser().parseFromString(page, "text/html").querySelector(`${this.place} .photos`);
    if (!fresh) return;
    const old = document.querySelector(`${this.place} .photos, ${this.place} [data-no-photos]`);
    old?.replaceWith(document.importNode(fresh, true));
  }

  say(state, text) {
    this.state.dataset.state = state;
    this.state.textContent = text;
  }
}

function begin(part) {
  part.querySelectorAll("form[data-record-draft]").forEach((form) => new Record(form));
  part.querySelectorAll("form[data-record-photos]").forEach((form) => new Photos(form));
}

Store.sweep();
begin(document);
