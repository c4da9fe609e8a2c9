// The sign-in: showing the password, a note about caps lock, the countdown of a pause, and where the cursor goes.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reveal]");
  if (!button) return;
  const field = document.getElementById(button.dataset.reveal);
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
});

for (const kind of ["keydown", "keyup"]) {
  document.addEventListener(kind, (event) => {
    if (event.target.id !== "password" || !event.getModifierState) return;
    const note = document.querySelector("[data-caps-lock]");
    note.hidden = !event.getModifierState("CapsLock");
  });
}

// A password that is shown is not sent as plain text for the browser to remember.
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector("#password");
  if (field) field.type = "password";
  // What is about to happen, at once; what happens comes over the socket.
  document.getElementById("signin-steps")?.classList.remove("steps-idle");
  if (!event.target.hasAttribute("hx-post")) {
    event.target.classList.add("htmx-request");
    for (const button of event.target.querySelectorAll("button")) button.disabled = true;
  }
});

function count(line, ends) {
  // A new card has taken its place.
  if (!line.isConnected) return;
  const left = Math.ceil((ends - performance.now()) / 1000);
  const minutes = String(Math.floor(left / 60)).padStart(2, "0");
  const seconds = String(left % 60).padStart(2, "0");
  line.textContent = left > 0 ? `${line.dataset.wait} ${minutes}:${seconds}` : line.dataset.over;
  const button = document.querySelector(".signin-button");
  if (button) button.disabled = left > 0;
  if (left > 0) {
    setTimeout(count, 250, line, ends);
    return;
  }
  // The figures are for eyes. Ears hear once how long, with the problem, and once that it is over.
  line.previousElementSibling.remove();
  said.textContent = line.dataset.over;
}

function begin() {
  const line = document.querySelector("[data-countdown]");
  if (line && !line.dataset.begun) {
    line.dataset.begun = "yes";
    said.textContent = "";
    count(line, performance.now() + Number(line.dataset.countdown) * 1000);
  }
}

let panel = document.getElementById("signin-panel");
begin();

// The steps come and go within one panel; only a new panel takes the cursor.
document.addEventListener("htmx:after:swap", () => {
  const now = document.getElementById("signin-panel");
  if (now === panel) return;
  panel = now;
  begin();
  // The browser minds autofocus only while a page loads.
  panel.querySelector("[autofocus]")?.focus();
});

// Back from where a sign-in led: a fresh form, not the spent one.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
