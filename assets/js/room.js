// The administrators' room: a dangerous link opens a dialog that names the thing, instead of the page that does the same.

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const dialog = document.getElementById(link.dataset.dialog);
  for (const place of dialog.querySelectorAll("[data-fill]")) {
    const text = link.dataset[place.dataset.fill];
    if (place.localName === "input") place.value = text;
    else place.textContent = text;
  }
  dialog.showModal();
});

document.addEventListener("click", (event) => {
  const dialog = event.target.closest("[data-close]")?.closest("dialog");
  if (!dialog) return;
  event.preventDefault();
  dialog.close();
});
