// Shows the size of chosen files and refuses too large ones before they travel: <input type="file" data-max-mb="20">.
// A video may have its own limit: data-video-max-mb. The server checks again.
const MB = 1024 * 1024;
const size = (bytes) => (bytes >= MB ? `${(bytes / MB).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`);

function check(input, note) {
  const faults = [];
  const lines = [...input.files].map((file) => {
    const video = /\.mp4$/i.test(file.name) && input.dataset.videoMaxMb;
    const limit = Number(video || input.dataset.maxMb);
    if (file.size > limit * MB) faults.push(`“${file.name}”有 ${size(file.size)}，超过上限 ${limit} MB，请压缩或拆分后再选。`);
    else if (file.size === 0) faults.push(`“${file.name}”是空文件，请重新选择。`);
    return `${file.name}（${size(file.size)}）`;
  });
  input.setCustomValidity(faults.join(""));
  input.toggleAttribute("aria-invalid", faults.length > 0);
  note.classList.toggle("counter-over", faults.length > 0);
  note.textContent = faults.length ? faults.join("") : lines.join("、");
  return faults.length === 0;
}

function attach(input) {
  const note = document.createElement("p");
  note.className = "counter";
  note.id = `${input.id || input.name}_size`;
  note.setAttribute("aria-live", "polite");
  input.after(note);
  input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), note.id].filter(Boolean).join(" "));
  input.addEventListener("change", () => check(input, note));
  input.form?.addEventListener("submit", (event) => {
    if (event.submitter?.formNoValidate) return;
    if (!check(input, note)) {
      event.preventDefault();
      input.focus();
    }
  });
}

document.querySelectorAll("input[type=file][data-max-mb]").forEach(attach);
