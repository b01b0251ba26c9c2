// The label page. Whatever comes from a catalogue is text: it is only ever put into textContent,
// and into the address of a picture.

const find = (id) => document.getElementById(id);
const SAID_BY_KEY = { 1: "exact", 2: "variant", 3: "different", 0: "unsure" };
const RELATIONS = ["exact", "variant", "different"];
const LONG = 300; // characters of a value that scrolls by itself
const MILLISECONDS_BETWEEN_LOOKS = 1500; // while the model learns

let question = null; // what is asked now
let isBusy = false; // an answer is on its way
let looking = 0; // timer

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function say(text, isWarning = false) {
  const message = find("message");
  message.textContent = text;
  message.classList.toggle("warn", isWarning);
}

async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const reply = await fetch(path, options);
  const isJson = (reply.headers.get("Content-Type") || "").startsWith("application/json");
  if (!isJson) throw new Error((await reply.text()).trim() || `status ${reply.status}`);
  return { status: reply.status, found: await reply.json() };
}

// --- the pair ---

function valueCell(pieces, isLong) {
  const cell = make("td");
  const value = make("div");
  value.dir = "auto";
  if (!pieces.length) {
    const nothing = make("span", "–");
    nothing.title = "no value";
    value.append(nothing);
  }
  for (const [text, isMarked] of pieces) {
    value.append(isMarked ? make("mark", text) : document.createTextNode(text));
  }
  if (isLong) { // a region that scrolls must be reachable by keyboard
    value.tabIndex = 0;
    value.setAttribute("role", "group");
    value.setAttribute("aria-label", "long text");
  }
  cell.append(value);
  return cell;
}

function row(name, left, right, className) {
  const found = make("tr", undefined, className);
  const head = make("th", name);
  head.scope = "row";
  const length = (pieces) => pieces.reduce((sum, [text]) => sum + text.length, 0);
  const isLong = Math.max(length(left), length(right)) > LONG;
  if (isLong) found.classList.add("long");
  found.append(head, valueCell(left, isLong), valueCell(right, isLong));
  return found;
}

function isOfTheWeb(address) {
  return URL.canParse(address, location.href)
    && ["http:", "https:"].includes(new URL(address, location.href).protocol);
}

function pictureRow(sides, mayAskNet) {
  const shown = sides.map((side) => side.pictures.filter((one) =>
    (mayAskNet || !one.is_remote) && isOfTheWeb(one.address)));
  if (!shown.some((pictures) => pictures.length)) return null;
  const found = make("tr", undefined, "pictures-row");
  const head = make("th", "pictures");
  head.scope = "row";
  found.append(head);
  shown.forEach((pictures, side) => {
    const cell = make("td");
    const box = make("div", undefined, "pictures");
    for (const { address } of pictures) {
      const image = document.createElement("img");
      image.alt = side ? "Picture of the second record" : "Picture of the first record";
      image.referrerPolicy = "no-referrer";
      image.addEventListener("error", () => image.remove());
      image.src = address;
      box.append(image);
    }
    cell.append(box);
    found.append(cell);
  });
  return found;
}

function offerPictures(sides, mayAskNet) {
  const hosts = new Set();
  for (const side of sides) {
    for (const { address, is_remote: isRemote } of side.pictures) {
      if (isRemote && isOfTheWeb(address)) hosts.add(new URL(address).host);
    }
  }
  const button = find("pictures-button");
  button.hidden = mayAskNet || !hosts.size;
  button.textContent = `Show pictures from the web (${[...hosts].join(", ")})`;
}

function showPair(mayAskNet) {
  const isThere = question !== null;
  for (const id of ["pair", "legend"]) find(id).hidden = !isThere;
  for (const button of document.querySelectorAll("#answers [data-said]")) button.disabled = !isThere;
  closeDiffers();
  if (!isThere) {
    find("pictures-button").hidden = true;
    say("There is nothing left to ask: every other answer follows from yours.");
    return;
  }
  const sides = [question.left, question.right];
  ["left-head", "right-head"].forEach((id, side) => {
    const { id: name, source } = sides[side];
    find(id).textContent = source ? `${name} · ${source}` : name;
  });
  const rows = question.fields.map((one) => row(one.name, one.left, one.right, one.state));
  const pictures = pictureRow(sides, mayAskNet);
  if (pictures) rows.unshift(pictures);
  rows.unshift(row("title", sides[0].title, sides[1].title, "title"));
  const table = find("pair");
  table.tBodies[0].replaceChildren(...rows);
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
    table.animate([{ opacity: 0.3 }, { opacity: 1 }], 120); // shows that the pair is another one
  }
  offerPictures(sides, mayAskNet);
  scrollTo(0, 0);
}

// --- progress ---

const percent = (share) => `${Math.round(share * 100)} %`;

function showProgress(progress) {
  const counts = Object.entries(progress.by_relation).filter(([, n]) => n);
  const told = counts.map(([relation, n]) => `${n} ${relation}`).join(", ");
  const n = progress.answers;
  let text = n ? `${n} ${n === 1 ? "answer" : "answers"}: ${told}.` : "No answers yet.";
  if (progress.learning) text += " The model is learning from them.";
  find("progress").textContent = text;
  find("undo").disabled = !progress.can_undo;
  showEstimate(progress.estimate);
  if (progress.problem) say(progress.problem, true);
  clearTimeout(looking);
  if (progress.learning) looking = setTimeout(look, MILLISECONDS_BETWEEN_LOOKS);
}

function showEstimate(estimate) {
  find("estimate").hidden = !estimate;
  if (!estimate) return;
  const whole = (share) => Math.round(share * 100);
  const rows = new Map();
  for (const { of, value, low, high } of estimate.measures) {
    if (!rows.has(of)) {
      const head = make("th", of);
      head.scope = "row";
      rows.set(of, [head]);
    }
    rows.get(of).push(make("td", `${percent(value)} (${whole(low)} to ${whole(high)})`));
  }
  const shown = [...rows.values()].map((cells) => {
    const line = make("tr");
    line.append(...cells);
    return line;
  });
  find("measures").hidden = !shown.length;
  find("measures").tBodies[0].replaceChildren(...shown);
  find("estimate-note").textContent = estimate.note;
}

async function look() {
  try {
    showProgress((await ask("/progress")).found);
  } catch (error) {
    sayGone(error);
  }
}

function showState(state) {
  question = state.question;
  showPair(state.web_pictures);
  showProgress(state.progress);
  find("help-axes").textContent = state.axes.join(" or ") || "option";
}

function sayGone(error) {
  const isOffline = error instanceof TypeError;
  say(isOffline
    ? "The server does not answer. Your answers are in the label file: start matcher label again and open its new link."
    : error.message, true);
}

// --- answering ---

async function send(path, body) {
  if (isBusy) return null;
  isBusy = true;
  try {
    const { status, found } = await ask(path, body);
    if (found.progress) showState(found);
    if (status !== 200) say(found.message, true);
    return status === 200 ? found : null;
  } catch (error) {
    sayGone(error);
    return null;
  } finally {
    isBusy = false;
  }
}

async function answer(said, differsIn = []) {
  if (!question || isBusy) return;
  const { pair } = question;
  const state = await send("/answer", { pair, relation: said, differs_in: differsIn });
  if (!state) return;
  if (state.question) say(`Saved: ${said}. Here is the next pair.`);
  setTimeout(look, MILLISECONDS_BETWEEN_LOOKS);
  await showLast(pair, said);
}

async function undo() {
  const state = await send("/undo", {});
  if (!state) return;
  find("last").hidden = true;
  say("The last answer was taken back. Here is its pair again.");
}

async function showLast(pair, said) {
  let judged;
  try {
    const { status, found } = await ask(`/judge?left=${pair[0]}&right=${pair[1]}`);
    if (status !== 200) return;
    judged = found;
  } catch (error) {
    sayGone(error);
    return;
  }
  const { probabilities, reasons } = judged;
  const best = RELATIONS[probabilities.indexOf(Math.max(...probabilities))];
  const box = find("last");
  box.hidden = false;
  const disagrees = said !== "unsure" && said !== best;
  box.classList.toggle("disagrees", disagrees);
  find("last-said").textContent = `You said ${said}; the model ${disagrees ? "would have said" : "says"} ${best}.`;
  find("last-model").textContent = RELATIONS
    .map((relation, nth) => `${relation} ${percent(probabilities[nth])}`).join(", ");
  find("last-reasons").replaceChildren(...reasons.map(([favours, text]) =>
    make("li", favours === "neither" ? text : `${favours}: ${text}`)));
}

// --- what a variant differs in ---

function openDiffers() {
  if (!question) return;
  const { choices, guessed } = question;
  if (!choices.length) {
    answer("variant");
    return;
  }
  find("choices").replaceChildren(...choices.map((name, nth) => {
    const label = make("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = name;
    box.checked = guessed.includes(name);
    label.append(box, make("span", name));
    if (nth < 9) label.append(make("kbd", String(nth + 1)));
    return label;
  }));
  find("differs").hidden = false;
  find("answers").hidden = true; // their keys now mean attributes
  find("differs-done").focus();
}

function closeDiffers() {
  const hadFocus = find("differs").contains(document.activeElement);
  find("differs").hidden = true;
  find("answers").hidden = false;
  if (hadFocus) variantButton.focus();
}

function answerVariant() {
  const boxes = [...find("choices").querySelectorAll("input:checked")];
  answer("variant", boxes.map((box) => box.value));
}

function keyInDiffers(event) {
  if (event.key === "Escape") {
    closeDiffers();
  } else if (event.key === "Enter") {
    if (document.activeElement === find("differs-back")) return; // the button itself
    event.preventDefault();
    answerVariant();
  } else if (/^[1-9]$/.test(event.key)) {
    const box = find("choices").querySelectorAll("input")[Number(event.key) - 1];
    if (box) box.checked = !box.checked;
  }
}

function keyPressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || find("help").open) return;
  if (!find("differs").hidden) {
    keyInDiffers(event);
    return;
  }
  const said = Object.hasOwn(SAID_BY_KEY, event.key) ? SAID_BY_KEY[event.key] : null;
  if (said === "variant") openDiffers();
  else if (said) answer(said);
  else if (event.key.toLowerCase() === "u" && !find("undo").disabled) undo();
  else if (event.key === "?") find("help").showModal();
}

const variantButton = document.querySelector("#answers [data-said=variant]");
for (const button of document.querySelectorAll("#answers [data-said]")) {
  const { said } = button.dataset;
  button.addEventListener("click", () => (said === "variant" ? openDiffers() : answer(said)));
}
find("undo").addEventListener("click", undo);
find("differs-done").addEventListener("click", answerVariant);
find("differs-back").addEventListener("click", closeDiffers);
find("help-button").addEventListener("click", () => find("help").showModal());
find("help-close").addEventListener("click", () => find("help").close());
find("help").addEventListener("keydown", (event) => {
  if (event.key === "?") find("help").close();
});
find("pictures-button").addEventListener("click", async () => {
  if (await send("/pictures", {})) location.reload();
});
document.addEventListener("keydown", keyPressed);

async function start() {
  try {
    showState((await ask("/state")).found);
  } catch (error) {
    sayGone(error);
  }
}

// Another tab may have answered meanwhile.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && !isBusy && find("differs").hidden) start();
});
start();
