// Every page: copying an address, and ages that stay true while the page is open.
document.documentElement.dataset.script = "";

const said = document.getElementById("said");

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // Without TLS a browser has no clipboard for us: mark the text, so that Ctrl+C takes it.
    getSelection().selectAllChildren(button.previousElementSibling);
    if (!document.execCommand("copy")) return;
  }
  button.classList.add("is-copied");
  said.textContent = button.dataset.copied;
  setTimeout(() => {
    button.classList.remove("is-copied");
    said.textContent = "";
  }, 2000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});

const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always", style: "narrow" });

function age(seconds) {
  const [size, unit] = seconds < 60 ? [1, "second"] : seconds < 3600 ? [60, "minute"] : [3600, "hour"];
  return relative.format(-Math.max(1, Math.floor(seconds / size)), unit);
}

// The clock of the machine may be wrong: only the time that passed since the page came is taken from it.
const opened = performance.now();
const ages = new WeakMap();

setInterval(() => {
  for (const time of document.querySelectorAll("[data-age]")) {
    if (!ages.has(time)) ages.set(time, Number(time.dataset.age) - (performance.now() - opened) / 1000);
    time.textContent = age(ages.get(time) + (performance.now() - opened) / 1000);
  }
}, 1000);
