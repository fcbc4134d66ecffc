// Counts characters under <textarea data-counter data-max="2000" data-cell="300">: what is over the printed cell
// goes to an 附页, what is over the maximum is refused. Counts as Python does: by code point, a line break as one.
const length = (text) => [...text.replaceAll("\r\n", "\n").trim()].length;

export function sentence(written, max, cell) {
  const parts = [`已写 ${written} 字`];
  if (max) parts.push(` / 最多 ${max} 字`);
  if (max && written > max) return `${parts.join("")}，超出 ${written - max} 字`;
  if (cell && written > cell) parts.push("，超出表格的部分印在附页");
  return parts.join("");
}

function attach(area) {
  const note = document.createElement("p");
  note.className = "counter";
  note.id = `${area.id}_counter`;
  area.after(note);
  area.setAttribute("aria-describedby", [area.getAttribute("aria-describedby"), note.id].filter(Boolean).join(" "));
  const max = Number(area.dataset.max || 0);
  const cell = Number(area.dataset.cell || 0);
  const show = () => {
    const written = length(area.value);
    note.textContent = sentence(written, max, cell);
    note.classList.toggle("counter-over", Boolean(max) && written > max);
  };
  area.addEventListener("input", show);
  show();
}

const attachAll = (root) =>
  root.querySelectorAll("[data-counter]").forEach((area) => {
    if (!document.getElementById(`${area.id}_counter`)) attach(area);
  });

attachAll(document);
document.addEventListener("rows:changed", () => attachAll(document));
