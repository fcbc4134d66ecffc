// The fields of a condition open when it is ticked; what is open stays open, so nothing typed goes out of sight.
document.querySelectorAll("details[data-claim]").forEach((part) => {
  const box = document.querySelector(`[name=claims][value="${part.dataset.claim}"]`);
  box?.addEventListener("change", () => {
    part.open ||= box.checked;
  });
});
