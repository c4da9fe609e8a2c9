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

// The words are those of the page: each says its age with a zero in the place of the number.
const words = document.body.dataset;

function age(seconds) {
  const [size, text] =
    seconds < 60 ? [1, words.ageSeconds] : seconds < 3600 ? [60, words.ageMinutes] : [3600, words.ageHours];
  return text.replace("0", Math.max(1, Math.floor(seconds / size)));
}

// The clock of the machine may be wrong: only the time that passed since the page came is taken from it.
const opened = performance.now();
const ages = new WeakMap();

setInterval(() => {
  for (const time of document.querySelectorAll("[data-age]")) {
    if (!ages.has(time)) ages.set(time, Number(time.dataset.age) - (performance.now() - opened) / 1000);
    const seconds = ages.get(time) + (performance.now() - opened) / 1000;
    time.textContent = age(seconds);
    const place = time.closest("[data-old-after]");
    place?.classList.toggle("is-old", seconds >= Number(place.dataset.oldAfter));
  }
}, 1000);
