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

// The words are those of the page: each says its time with a zero in the place of the number.
const words = document.body.dataset;

function phrase(seconds, [inSeconds, inMinutes, inHours]) {
  const [size, text] = seconds < 60 ? [1, inSeconds] : seconds < 3600 ? [60, inMinutes] : [3600, inHours];
  return text.replace("0", Math.max(1, Math.floor(seconds / size)));
}

// The clock of the machine may be wrong: only the time that passed since something came is taken from it.
const opened = performance.now();
const comings = new WeakMap();

// Seconds since the element came, or since it began to speak of another moment.
function since(element, moment) {
  const now = performance.now();
  const known = comings.get(element);
  if (known?.moment === moment) return (now - known.at) / 1000;
  // Whatever is there at the first look came with the page.
  comings.set(element, { moment, at: first ? opened : now });
  return since(element, moment);
}

let first = true;

function tick() {
  const lost = document.documentElement.dataset.link === "old";
  for (const time of document.querySelectorAll("[data-age]")) {
    const seconds = Number(time.dataset.age) + since(time, time.dateTime + time.dataset.age);
    time.textContent = phrase(seconds, [words.ageSeconds, words.ageMinutes, words.ageHours]);
    const place = time.closest("[data-old-after]");
    place?.classList.toggle("is-old", lost || seconds >= Number(place.dataset.oldAfter));
  }
  for (const time of document.querySelectorAll("[data-left]")) {
    const left = Number(time.dataset.left) - since(time, time.dateTime + time.dataset.left);
    time.textContent = left > 0 ? phrase(left, [words.leftSeconds, words.leftMinutes, words.leftHours]) : words.leftNow;
  }
  first = false;
}

setInterval(tick, 1000);
