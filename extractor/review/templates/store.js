"use strict";
// What the page shows, what was decided, and which articles and records are wanted.
const source = document.getElementById("data");
const data = JSON.parse(source.textContent);
source.remove();

const STORED = `extractor-review:${data.key}`;
const DECISIONS = { accept: "accepted", reject: "rejected", correct: "corrected" };
const typeOf = new Map(data.types.map((type) => [type.type, type]));
const views = new Map();
for (const article of data.articles) {
  for (const view of article.records) views.set(view.record.record_id, view);
}

let decisions = new Map();
const notes = new Map();  // written before the decision
let isKept = true;

function restore() {
  try {
    const stored = JSON.parse(localStorage.getItem(STORED) ?? "[]");
    decisions = new Map(stored.filter(isDecision).map((own) => [own.record_id, own]));
  } catch {
    decisions = new Map();
  }
}

function keep() {
  try {
    localStorage.setItem(STORED, JSON.stringify([...decisions.values()]));
    isKept = true;
  } catch {
    isKept = false;
  }
}

// Stored and loaded decisions may come from anywhere: only what fits a record here is taken.
function isDecision(own) {
  const view = views.get(own?.record_id);
  const isText = (value) => value === null || typeof value === "string";
  return view !== undefined && Object.hasOwn(DECISIONS, own.decision) && isText(own.by) && isText(own.note)
    && typeof own.at === "string"
    && (own.decision !== "correct" || isRecord(view, own.record));
}

function isRecord(view, record) {
  const keys = Object.keys(view.record);
  return record !== null && typeof record === "object"
    && record.record_id === view.record.record_id
    && Object.keys(record).length === keys.length && keys.every((key) => key in record)
    && typeOf.get(view.type).fields.every((field) => conforms(field, record[field.name]));
}

const isDate = (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
const KINDS = {
  text: (value) => typeof value === "string" && value.trim() !== "",
  whole: (value) => Number.isSafeInteger(value),
  number: (value) => typeof value === "number" && Number.isFinite(value),
  date: (value) => typeof value === "string" && isDate(value),
  choice: (value, field) => field.values.includes(value),
  object: (value, field) => typeof value === "object" && !Array.isArray(value)
    && field.variants.some((variant) => isVariant(variant, value)),
};

function conforms(field, value) {
  if (value === null || value === undefined) return value === null && field.optional;
  return KINDS[field.kind](value, field);
}

function isVariant(variant, value) {
  const hidden = Object.keys(value).filter((key) => variant.fields.every((f) => f.name !== key));
  return variant.fields.every((field) => conforms(field, value[field.name]))
    && hidden.every((key) => ["at", "flags"].includes(key)
      && (value[key] === null || Array.isArray(value[key])));
}

const decisionOf = (view) => decisions.get(view.record.record_id);
const noteOf = (view) => decisionOf(view)?.note ?? notes.get(view) ?? "";
const isDecided = (view) => decisions.has(view.record.record_id);

// The record as it stands now: as corrected, else as it was extracted.
const current = (view) => decisionOf(view)?.record ?? view.record;

const wholeText = (article) => article.text
  && article.text.map((segment) => (typeof segment === "string" ? segment : segment[0])).join("");

const haystacks = new Map();
function haystack(article) {
  if (!haystacks.has(article)) {
    const records = article.records.flatMap(({ type, record }) => (
      [record[typeOf.get(type).named], record.region, record.evidence.quote]));
    const parts = [article.id, article.title, article.source, wholeText(article), ...records];
    haystacks.set(article, parts.filter(Boolean).join("\n").toLowerCase());
  }
  return haystacks.get(article);
}

// What the filters let through; they look at records as they were extracted.
function isWanted(filters, view) {
  return (!filters.type || view.type === filters.type)
    && (!filters.status || view.record.status === filters.status)
    && (!filters.flag || view.flags.includes(filters.flag))
    && (!filters.decision || (decisionOf(view)?.decision ?? "undecided") === filters.decision);
}

function isListed(filters, article) {
  const { text, ...own } = filters;
  const needsRecord = Object.values(own).some(Boolean);
  return (!text || haystack(article).includes(text))
    && (!needsRecord || article.records.some((view) => isWanted(filters, view)));
}

// An element; text is only ever added as text.
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  const isPresent = (child) => child !== null && child !== undefined && child !== false;
  element.append(...children.flat(Infinity).filter(isPresent));
  return element;
}

const words = (name) => name.replaceAll("_", " ");
const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
