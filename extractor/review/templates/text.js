// The text of an article: evidence by type, and where a record's number, period and place stand.
const ROLES = { n: "number", p: "period", r: "place" };  // evidence and audited figures aside
const LANES = 4;  // of underline, one for each type of evidence
const painted = [];  // the marked elements of the open article with their keys

// Offsets in data count code points, those of a string count UTF-16 units.
const toUnit = (text, point) => [...text].slice(0, point).join("").length;
const toPoint = (text, unit) => [...text.slice(0, unit)].length;

// Where a phrase stands: in the evidence, else nearest before it, else behind it.
function phrasePlace(text, phrase, start, end) {
  const inside = text.slice(start, end).indexOf(phrase);
  if (inside >= 0) return start + inside;
  const before = start > 0 ? text.slice(0, start).lastIndexOf(phrase) : -1;
  return before >= 0 ? before : text.indexOf(phrase, end);
}

function segmentsOf(article) {
  if (!article.text) {
    return article.records.flatMap((view, n) => [[current(view).evidence.quote, `${n}e`], "\n\n"]);
  }
  let cut = article.text;
  article.records.forEach((view, n) => {
    if (current(view) !== view.record) cut = moved(cut, wholeText(article), view, n);
  });
  return cut;
}

// The segments with the marks of a corrected record where they now belong.
function moved(segments, text, view, n) {
  const record = current(view);
  const own = new RegExp(`(?:^| )${n}[enpr](?= |$)`, "g");
  let cut = segments.map((segment) => (
    typeof segment === "string" ? segment : [segment[0], segment[1].replace(own, "").trim()]));
  const start = toUnit(text, record.evidence.start);
  const end = start + record.evidence.quote.length;
  cut = recut(cut, `${n}e`, start, end);
  const type = typeOf.get(view.type);
  const phrases = {
    n: type.number ? record[type.number].text : record[type.named],
    p: record.period?.text,
    r: record.region,
  };
  for (const [role, phrase] of Object.entries(phrases)) {
    const at = phrase ? phrasePlace(text, phrase, start, end) : -1;
    if (at >= 0) cut = recut(cut, n + role, at, at + phrase.length);
  }
  return cut;
}

function recut(segments, key, start, end) {
  let at = 0;
  return segments.flatMap((segment) => {
    const [text, keys] = typeof segment === "string" ? [segment, ""] : segment;
    const from = Math.min(Math.max(start - at, 0), text.length);
    const to = Math.min(Math.max(end - at, from), text.length);
    at += text.length;
    return [
      [text.slice(0, from), keys],
      [text.slice(from, to), `${keys} ${key}`.trim()],
      [text.slice(to), keys],
    ].filter(([part]) => part);
  });
}

function drawText(article) {
  painted.length = 0;
  const pieces = segmentsOf(article).map((segment) => {
    if (typeof segment === "string" || !segment[1]) return [segment].flat()[0];
    const element = h("span", { "data-k": segment[1] }, segment[0]);
    const keys = segment[1].split(" ").map((key) => ({ n: parseInt(key, 10), role: key.at(-1) }));
    painted.push({ element, keys });
    return element;
  });
  const box = document.getElementById("text");
  box.replaceChildren(...pieces);
  box.classList.toggle("quotes", !article.text);
  if (article.lang) box.lang = article.lang;
  else box.removeAttribute("lang");
}

// Colour what is evidence of a shown record; say where the parts of the record in focus stand.
function paintText(article, isShown, focus) {
  const labelled = new Set();
  const box = document.getElementById("text");
  box.classList.toggle("focused", focus !== null);
  for (const { element, keys } of painted) {
    const evidence = keys.filter(({ n, role }) => role === "e" && isShown(article.records[n]));
    const types = new Set(evidence.map(({ n }) => article.records[n].type));
    const own = keys.filter(({ n, role }) => n === focus && role in ROLES);
    const places = [...types].map((type) => data.types.indexOf(typeOf.get(type)));
    for (let lane = 0; lane < LANES; lane += 1) {
      element.style.setProperty(`--lane${lane}`, lane in places ? `var(--t${places[lane]})` : "");
    }
    const classes = places.map((place) => `t${place}`);
    if (types.size > 1) classes.push("several");
    else if (evidence.length > 1) classes.push("deep");
    if (types.size > 0) classes.push("mark");
    if (keys.some(({ role }) => role === "a")) classes.push("audit");
    if (evidence.some(({ n }) => n === focus)) classes.push("here");
    classes.push(...own.map(({ role }) => `at at-${ROLES[role]}`));
    element.className = classes.join(" ");
    const labels = own.map(({ n, role }) => roleLabel(role, article.records[n]));
    const fresh = labels.filter((text) => !labelled.has(text));
    fresh.forEach((text) => labelled.add(text));
    if (fresh.length) element.dataset.label = fresh.join(", ");
    else delete element.dataset.label;
  }
}

// The number goes by the name of its field; a policy has none, but a name.
function roleLabel(role, view) {
  const type = typeOf.get(view.type);
  return role === "n" ? words(type.number ?? type.named) : ROLES[role];
}

function firstMark(n, role) {
  return painted.find(({ keys }) => keys.some((key) => key.n === n && key.role === role))?.element;
}

// The records whose evidence covers a marked element, the shortest evidence first.
function recordsAt(article, element, isShown) {
  const keys = painted.find((own) => own.element === element)?.keys ?? [];
  const length = (n) => current(article.records[n]).evidence.quote.length;
  return keys.filter(({ n, role }) => role === "e" && isShown(article.records[n]))
    .map(({ n }) => n).sort((one, other) => length(one) - length(other));
}
