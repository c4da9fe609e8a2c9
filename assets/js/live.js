// The live page: one socket brings pieces and how far they go. Without it the page polls; without any link it says so.
const AWAY_AFTER = 2000; // A shorter break is nobody's business.
const OLD_AFTER = 10000; // From then on figures may not be the present any more.
const PING_EVERY = 25000;
const PONG_WITHIN = 10000;
const LONGEST_WAIT = 30000;
const TRIES = 3; // Refused that often before it ever opened, the socket is taken to be in somebody's way.
const SOCKET_AGAIN = 60000;
const UNSHOWN_KEY = "farol.unshown";

const topics = document.body.dataset.live.replaceAll(" ", ",");
const said = document.getElementById("said");
const root = document.documentElement;

let socket = null;
let ticket = document.body.dataset.ticket;
let over = false; // The session is: nothing is asked for any more.
let refused = false; // The socket is not for this page.
let failures = 0; // Since the last link.
let waiting = 0;
let heard = 0;
let beat = 0;
let marks = [];
let applying = Promise.resolve();

const cursor = () => document.getElementById("cursor").dataset.cursor ?? document.body.dataset.cursor;
const spread = (least, most) => least + Math.random() * (most - least);

/* What comes. */

function apply(text) {
  const swap = () => htmx.swap({ sourceElement: document.body, target: document.body, swap: "none", text, transition: false });
  applying = applying.then(swap).catch(unshown).then(() => {
    if (document.querySelector("[data-farewell]")) finish();
  });
  return applying;
}

// What cannot be put in its place holds up nothing that comes after it: the page itself has it. Where even that fails again,
// the page goes on as well as it can, or it would be loaded for ever.
function unshown(error) {
  console.error(error);
  const before = Number(sessionStorage.getItem(UNSHOWN_KEY));
  sessionStorage.setItem(UNSHOWN_KEY, Date.now());
  if (Date.now() - before > SOCKET_AGAIN) leave();
}

// Whatever the reason, the page is no longer anybody's.
function finish() {
  over = true;
  hangUp();
  mark();
  const enter = document.querySelector("[data-farewell] a");
  if (!enter) return;
  enter.search += `&next=${encodeURIComponent(location.pathname + location.search)}`;
  scrollTo(0, 0);
  enter.focus();
}

// Nobody knows us any more though no farewell came, or the page is not what it should be: loaded anew it says which.
function leave() {
  over = true;
  document.dispatchEvent(new CustomEvent("live:leaving"));
  location.reload();
}

/* The link, and how the page looks without it. */

function mark(state = "") {
  const before = root.dataset.link ?? "";
  if (before === state) return;
  root.dataset.link = state;
  said.textContent = { away: document.body.dataset.away, old: document.body.dataset.old }[state] ?? document.body.dataset.back;
  if (!state) setTimeout(() => (said.textContent = ""), 4000);
}

function linked() {
  marks.forEach(clearTimeout);
  marks = [];
  failures = 0;
  heard = performance.now();
  mark();
}

function lost() {
  if (over || marks.length) return;
  marks = [setTimeout(mark, AWAY_AFTER, "away"), setTimeout(mark, OLD_AFTER, "old")];
}

function again(wait) {
  clearTimeout(waiting);
  if (!over) waiting = setTimeout(reach, wait);
}

// Longer each time, and not at the same moment as everybody else.
const backOff = () => Math.min(LONGEST_WAIT, 500 * 2 ** Math.min(failures, 8)) * spread(0.5, 1.5);

function reach() {
  clearTimeout(waiting);
  if (over || socket) return;
  if (refused || failures >= TRIES) poll();
  else connect();
}

async function ask(address, options) {
  const answer = await fetch(address, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PONG_WITHIN), ...options });
  if (answer.status === 401 || answer.type === "opaqueredirect") leave();
  if (!answer.ok) throw new Error(answer.status);
  return answer;
}

/* The socket. */

let connecting = false;

async function connect() {
  if (connecting) return;
  connecting = true;
  try {
    const mine = ticket ?? (await (await ask("/live/ticket", { method: "POST", headers: { Accept: "application/json" } })).json()).ticket;
    ticket = null;
    await applying;
    if (!over) open(mine);
  } catch {
    failures += 1;
    lost();
    again(backOff());
  } finally {
    connecting = false;
  }
}

function open(mine) {
  const address = new URL("/live", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  address.search = new URLSearchParams({ cursor: cursor(), ticket: mine, topics });
  const own = new WebSocket(address);
  socket = own;
  own.addEventListener("open", () => {
    linked();
    clearInterval(beat);
    beat = setInterval(ping, PING_EVERY);
    say();
  });
  own.addEventListener("message", ({ data }) => {
    heard = performance.now();
    if (data !== "pong") apply(data);
  });
  own.addEventListener("close", ({ code }) => {
    if (socket === own) closed(code);
  });
}

function closed(code) {
  hangUp();
  if (over) return;
  failures += 1;
  lost();
  // What was sent before still counts, the farewell above all.
  if (code === 4401) applying.then(() => over || leave());
  else if (code === 4403) {
    refused = true;
    again(0);
  } else if (code === 1012) again(spread(500, 5000));
  else if (code === 1013) again(spread(5000, 15000));
  else again(backOff());
}

function hangUp() {
  clearInterval(beat);
  const own = socket;
  socket = null;
  own?.close();
}

function ping() {
  if (socket?.readyState !== WebSocket.OPEN) return;
  const asked = performance.now();
  socket.send("ping");
  const own = socket;
  setTimeout(() => {
    if (socket === own && heard < asked) closed(1006);
  }, PONG_WITHIN);
}

// Which toasts were seen is kept until there is a way to say so; no more of it than the server takes in a minute.
const MOST_UNSAID = 30;
let unsaid = [];

document.addEventListener("live:seen", ({ detail }) => {
  unsaid = [...unsaid, detail].slice(-MOST_UNSAID);
  if (socket?.readyState === WebSocket.OPEN) say();
});

function say() {
  for (const seq of unsaid.splice(0)) socket.send(`seen ${seq}`);
}

/* Without it. */

let pollingSince = 0;

async function poll() {
  pollingSince ||= performance.now();
  try {
    await applying;
    const seen = [...unsaid];
    const query = new URLSearchParams({ cursor: cursor(), topics, seen: seen.join() });
    const answer = await ask(`/live/poll?${query}`, { headers: { Accept: "text/html" } });
    const text = await answer.text();
    unsaid = unsaid.filter((seq) => !seen.includes(seq));
    if (over) return;
    const tried = failures;
    linked();
    await apply(text);
    // The next try of the socket decides anew.
    failures = tried;
  } catch {
    lost();
  }
  if (!refused && performance.now() - pollingSince > SOCKET_AGAIN) {
    pollingSince = 0;
    failures = TRIES - 1;
  }
  again(spread(5000, 10000));
}

/* Waking up. */

function wake() {
  if (over || document.hidden) return;
  // Timers sleep with the machine; the link may have died with nobody to notice.
  if (socket && performance.now() - heard > PING_EVERY + PONG_WITHIN) hangUp();
  if (socket) ping();
  else again(0);
}

document.addEventListener("visibilitychange", wake);
addEventListener("online", wake);
addEventListener("offline", () => {
  hangUp();
  lost();
});
// A page that waits in the history holds no socket, and goes on from where it was.
addEventListener("pagehide", hangUp);
addEventListener("pageshow", ({ persisted }) => persisted && wake());

/* What must survive a swap, and what deserves to be seen coming and going. */

// Opened by the reader, copied by the reader: the server knows neither.
htmx.registerExtension("live", {
  htmx_before_morph_attr(element, { attrName }) {
    if (attrName === "open" && element.matches("details")) return false;
    return !(attrName === "class" && element.matches("[data-copy]"));
  },
});

let cards = new Map();

document.addEventListener("htmx:before:swap", ({ detail }) => {
  const concerned = detail.tasks.some(({ target }) => target?.id === "shares");
  const shown = concerned ? [...document.querySelectorAll(".share[id]")] : [];
  cards = new Map(shown.map((card) => [card, card.getBoundingClientRect()]));
});

document.addEventListener("htmx:after:swap", () => {
  if (!cards.size) return;
  for (const card of document.querySelectorAll(".share[id]")) {
    if (!cards.has(card)) card.classList.add("is-new");
  }
  for (const [card, box] of cards) {
    if (!card.isConnected && box.bottom > 0 && box.top < innerHeight) fade(card, box);
  }
  cards.clear();
});

function fade(card, { left, top, width, height }) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  card.removeAttribute("id");
  card.inert = true;
  Object.assign(card.style, { position: "fixed", left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  document.querySelector(".page").append(card);
  card.animate({ opacity: [1, 0], transform: ["none", "scale(0.97)"] }, 180).finished.finally(() => card.remove());
}

connect();
