// What somebody had typed when their session ended waits in this tab for the same person to come back to the same page.
const DRAFT_KEY = "farol.draft";
const NEVER = '[type="password"], [type="file"], [type="hidden"], [autocomplete="one-time-code"]';

const place = () => location.pathname + location.search;
const fieldsOf = (form) => [...form.elements].filter((field) => field.name && "value" in field && field.type !== "submit" && !field.matches(NEVER));

function keep() {
  const forms = {};
  for (const form of document.querySelectorAll("form[data-draft]")) {
    forms[form.dataset.draft] = fieldsOf(form).map(({ name, value, checked }) => ({ name, value, checked }));
  }
  if (!Object.keys(forms).length) return;
  const draft = { person: document.body.dataset.person, place: place(), forms };
  sessionStorage.setItem(DRAFT_KEY, JSON.stringify(draft));
}

function fill(form, kept) {
  const left = [...kept];
  for (const field of fieldsOf(form)) {
    const at = left.findIndex(({ name, value }) => name === field.name && (!/checkbox|radio/.test(field.type) || value === field.value));
    if (at < 0) continue;
    const [{ value, checked }] = left.splice(at, 1);
    if (/checkbox|radio/.test(field.type)) field.checked = checked;
    else field.value = value;
  }
}

const draft = JSON.parse(sessionStorage.getItem(DRAFT_KEY) ?? "null");
const person = document.body.dataset.person;
if (draft && person) {
  const theirs = draft.person === person;
  if (theirs && draft.place === place()) {
    for (const form of document.querySelectorAll("form[data-draft]")) fill(form, draft.forms[form.dataset.draft] ?? []);
  }
  if (!theirs || draft.place === place()) sessionStorage.removeItem(DRAFT_KEY);
}

document.addEventListener("htmx:before:swap", ({ detail }) => {
  if (detail.tasks.some(({ fragment }) => fragment.querySelector?.("[data-farewell]"))) keep();
});
document.addEventListener("live:leaving", keep);
