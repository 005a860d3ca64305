// The records of an article as a table, and what became of the drafts that are no records.
const BOUNDS = { at_least: "≥ ", at_most: "≤ ", about: "≈ " };
const SIGNS = { increase: "↑ ", decrease: "↓ " };
const number = new Intl.NumberFormat("en", { maximumFractionDigits: 20 });

// A value in words: its phrase, and what it was read as.
function shown(value, sign = "") {
  if (value === null || value === undefined) return ["", ""];
  if (typeof value !== "object") return [String(value), ""];
  if ("quote" in value) return [value.quote, ""];
  if ("start" in value) {
    const days = value.start === value.end ? value.start
      : `${value.start ?? "…"} – ${value.end ?? "…"}`;
    return [value.text, days ?? "not resolved"];
  }
  if (!("value" in value)) return [JSON.stringify(value), ""];
  const upper = value.upper === null ? "" : ` – ${number.format(value.upper)}`;
  const unit = value.unit ?? value.currency ?? "";
  const reading = `${sign}${BOUNDS[value.bound] ?? ""}${number.format(value.value)}${upper}`;
  return [value.text, `${reading} ${words(unit)}`.trim()];
}

// The same as nodes; a day is not broken at its hyphens.
function twoLines(value, sign) {
  const [phrase, reading] = shown(value, sign);
  const parts = reading.split(" ").map((part) => h("span", { class: "whole" }, part));
  return [h("bdi", null, phrase), reading !== "" && reading !== phrase
    && h("span", { class: "reading" }, parts.flatMap((part) => [part, " "]))];
}

function title(type, record) {
  return record[type.named] ?? record.subject ?? words(type.type);
}

function chip(view) {
  const type = typeOf.get(view.type);
  return h("span", { class: `chip t${data.types.indexOf(type)}` }, words(view.type));
}

function recordRow(view, n, isSelected) {
  const type = typeOf.get(view.type);
  const record = current(view);
  const own = decisionOf(view);
  const value = type.number ? record[type.number] : record.measure_count;
  const kind = record.kind ?? record.basis ?? record.designation;
  return h("tr", { "data-n": n, class: own ? `row ${own.decision}` : "row",
    "aria-current": isSelected && "true" },
  h("th", { scope: "row" },
    h("button", { type: "button", class: "record", "aria-expanded": String(isSelected) },
      h("bdi", null, title(type, record))),
    h("span", { class: "reading" }, chip(view), " ",
      [kind && words(kind), record.status === "planned" && "planned"].filter(Boolean).join(", ")),
    view.doubts.map((doubt) => h("span", { class: "doubt" }, words(doubt)))),
  h("td", null, twoLines(value, SIGNS[record.direction])),
  h("td", null, twoLines(record.period)),
  h("td", null, h("bdi", null, record.region ?? ""), placeName(record)),
  h("td", null, own ? h("span", { class: `state ${own.decision}` }, DECISIONS[own.decision])
    : h("span", { class: "aside" }, "undecided")));
}

function placeName({ place, region }) {
  if (!place?.code) return null;
  const name = place.name === region ? place.code : `${place.name} ${place.code}`;
  return h("span", { class: "reading" }, name);
}

// Every field with a value; a corrected one with what it was before.
function fieldList(view) {
  const record = current(view);
  const choices = typeOf.get(view.type).fields.filter(({ kind }) => kind === "choice");
  const isChoice = (name) => choices.some((field) => field.name === name);
  const text = (name, value) => {
    if (value === null && name in data.computedFrom) return "computed anew by extractor export";
    return value !== null && isChoice(name) ? words(value) : fieldText(name, value);
  };
  const entries = Object.entries(record).filter(([name]) => name !== "record_id");
  const empty = entries.filter(([, value]) => value === null).map(([name]) => words(name));
  const rows = entries.map(([name, value]) => {
    const before = view.record[name];
    const isChanged = JSON.stringify(before) !== JSON.stringify(value);
    if (value === null && !isChanged) return null;
    return h("div", null, h("dt", null, words(name)), h("dd", null,
      isChanged ? [h("del", null, before === null ? "" : text(name, before)), " ", h("ins", null, text(name, value))]
        : text(name, value)));
  });
  return [h("dl", { class: "fields" }, rows),
    empty.length ? h("p", { class: "quiet small" }, `Empty: ${empty.join(", ")}`) : null];
}

function fieldText(name, value) {
  if (value === null || value === undefined) return "empty";
  if (name === "place") {
    return [value.name, value.code, value.level, `by ${value.match}`].filter(Boolean).join(", ");
  }
  const [phrase, reading] = shown(value);
  const flags = value.flags?.length ? ` (${value.flags.map(words).join(", ")})` : "";
  return (reading && reading !== phrase ? `${phrase} = ${reading}` : phrase) + flags;
}

function detailRow(view, form) {
  const own = decisionOf(view);
  const action = (name, label, key) => h("button", { type: "button", "data-decision": name,
    "aria-pressed": Object.hasOwn(DECISIONS, name) && String(own?.decision === name) },
  label, " ", h("kbd", null, key));
  const body = form ?? [
    fieldList(view),
    h("label", { class: "note" }, "note ", h("input", { id: "note", value: noteOf(view) })),
    h("div", { class: "actions" }, action("accept", "Accept", "a"), action("reject", "Reject", "r"),
      action("correct", "Correct", "c"), own ? action("undo", "Undo", "u") : null),
  ];
  return h("tr", { class: "detail" }, h("td", { colspan: "5" }, body));
}

function drawRecords(article, isShown, selected, form) {
  const section = document.getElementById("records");
  const rows = article.records.flatMap((view, n) => {
    if (!isShown(view)) return [];
    const row = recordRow(view, n, n === selected);
    return n === selected ? [row, detailRow(view, form)] : [row];
  });
  const heads = ["record", "value", "period", "place", "decision"];
  const table = h("div", { class: "scroll" }, h("table", null,
    h("caption", { class: "aside" }, "Records of the article"),
    h("thead", null, h("tr", null, heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", null, rows)));
  const hidden = article.records.length - article.records.filter(isShown).length;
  section.replaceChildren(...[
    rows.length ? table : null,
    !article.records.length && !article.error
      ? h("p", { class: "quiet" }, "There is nothing to record in this article.") : null,
    hidden ? h("p", { class: "quiet" }, `${count(hidden, "record")} hidden by the filters.`) : null,
    article.rejected.length ? rejectedList(article.rejected) : null,
    article.audit.length ? auditList(article.audit) : null,
  ].filter(Boolean));
}

function rejectedList(rejected) {
  return h("div", null, h("h3", null, `Rejected drafts (${rejected.length})`),
    h("ul", { class: "others" }, rejected.map(({ type, draft, errors }) => h("li", null,
      h("span", { class: "chip" }, words(type)), " ",
      errors.map(({ field, code, message }) => h("span", { class: "doubt" },
        [words(field), words(code), message].filter(Boolean).join(": "))),
      h("details", null, h("summary", null, "the draft"),
        h("pre", { dir: "auto" }, JSON.stringify(draft, null, 1)))))));
}

function auditList(audit) {
  return h("div", null, h("h3", null, `Figures that no record covers (${audit.length})`),
    h("ul", { class: "others" }, audit.map(({ type, phrase, evidence }, n) => h("li", null,
      h("button", { type: "button", class: "record", "data-audit": n },
        h("span", { class: "chip" }, words(type)), " ", h("bdi", null, phrase)),
      h("blockquote", { dir: "auto" }, evidence.quote)))));
}
