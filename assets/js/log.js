// The log as it grows: asked for while somebody looks at its end, and left alone while they read further up or mark text.
const EVERY_MS = 3000;

const log = document.getElementById("log");
const hold = document.getElementById("log-hold");
const state = document.getElementById("log-state");
const wrap = document.getElementById("log-wrap");

let held = false;
let lost = false;
let shown = "";

const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 32;
const isMarked = () => {
  const selection = getSelection();
  return !selection.isCollapsed && log.contains(selection.anchorNode);
};

function tell() {
  const word = held ? "held" : !isAtEnd() || isMarked() ? "reading" : lost ? "lost" : "following";
  if (state.textContent !== state.dataset[word]) state.textContent = state.dataset[word];
  return word;
}

async function look() {
  // With the session that could read it, the page is gone.
  if (!log.isConnected) return clearInterval(timer);
  const word = tell();
  if (document.hidden || word === "held" || word === "reading") return;
  let text;
  try {
    const answer = await fetch(log.dataset.source, { headers: { accept: "text/html" } });
    if (answer.ok) text = await answer.text();
  } catch {
    // Told below like any other missing answer.
  }
  lost = text === undefined;
  // Whoever began to read meanwhile keeps what they read.
  if (!lost && text !== shown && !held && isAtEnd() && !isMarked()) {
    shown = text;
    log.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    log.scrollTop = log.scrollHeight;
  }
  tell();
}

hold.addEventListener("click", () => {
  held = !held;
  hold.setAttribute("aria-pressed", String(held));
  if (!held) log.scrollTop = log.scrollHeight;
  look();
});

// What wraps is higher: whoever was at the end stays there.
wrap.addEventListener("change", () => {
  log.scrollTop = log.scrollHeight;
  tell();
});

log.addEventListener("scroll", tell, { passive: true });
document.addEventListener("visibilitychange", look);
log.scrollTop = log.scrollHeight;
tell();
const timer = setInterval(look, EVERY_MS);
