// Rows that can be added and taken away. Markup:
//   <div data-rows="members" data-noun="成员" data-max-rows="200">
//     <input type="hidden" name="members-TOTAL_FORMS" data-rows-total>
//     <div data-rows-list> <div data-row>… <button type="button" data-rows-remove> </div> </div>
//     <template><div data-row>… name="members-__prefix__-name" …</div></template>
//     <button type="button" data-rows-add>   <p data-rows-status aria-live="polite">
//   </div>
// Without scripts the server renders spare rows; a row removed here is taken out and the others are renumbered.
const NUMBERED = ["name", "id", "for", "aria-describedby", "aria-labelledby", "data-row-index"];

export class Rows {
  constructor(root) {
    this.root = root;
    this.prefix = root.dataset.rows;
    this.noun = root.dataset.noun || "行";
    this.list = root.querySelector("[data-rows-list]");
    this.total = root.querySelector("[data-rows-total]");
    this.template = root.querySelector("template");
    this.status = root.querySelector("[data-rows-status]");
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-rows-add], [data-rows-remove]");
      if (!button || !root.contains(button)) return;
      event.preventDefault();
      if (button.matches("[data-rows-add]")) this.add();
      else this.remove(button.closest("[data-row]"));
    });
    root.querySelectorAll("[data-rows-add], [data-rows-remove]").forEach((button) => (button.hidden = false));
  }

  get rows() {
    return [...this.list.querySelectorAll(":scope > [data-row]")];
  }

  add() {
    const max = Number(this.root.dataset.maxRows || 0);
    if (max && this.rows.length >= max) return this.say(`最多 ${max} 行`);
    const fresh = this.template.content.cloneNode(true);
    this.list.append(fresh);
    const row = this.rows.at(-1);
    this.number();
    row.querySelectorAll("[data-rows-remove]").forEach((button) => (button.hidden = false));
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    this.tell(`已增加第 ${this.rows.length} 行${this.noun}`);
  }

  remove(row) {
    const index = this.rows.indexOf(row);
    row.remove();
    this.number();
    const next = this.rows[Math.min(index, this.rows.length - 1)];
    (next?.querySelector("input:not([type=hidden]), select, textarea") ?? this.root.querySelector("[data-rows-add]"))?.focus();
    this.tell(`已删除第 ${index + 1} 行${this.noun}，还有 ${this.rows.length} 行`);
  }

  number() {
    const pattern = new RegExp(`(${this.prefix})-(?:\\d+|__prefix__)(?=-|_|$)`);
    this.rows.forEach((row, index) => {
      for (const element of [row, ...row.querySelectorAll("*")]) {
        for (const name of NUMBERED) {
          const value = element.getAttribute(name);
          if (value) {
            element.setAttribute(name, value.split(" ").map((v) => v.replace(pattern, `$1-${index}`)).join(" "));
          }
        }
      }
      row.querySelectorAll("[data-row-number]").forEach((label) => (label.textContent = index + 1));
    });
    if (this.total) this.total.value = this.rows.length;
  }

  tell(text) {
    this.say(text);
    this.root.dispatchEvent(new CustomEvent("rows:changed", { bubbles: true }));
  }

  say(text) {
    if (this.status) this.status.textContent = text;
  }
}

document.querySelectorAll("[data-rows]").forEach((root) => new Rows(root));
