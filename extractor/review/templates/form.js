// The form that corrects a record: its phrases and values, checked lightly.
const MOST_DIGITS = 15;  // what a JSON number keeps for certain
const untouched = new WeakMap();  // an input may not show a value as it is: line breaks, 1e20

function correctionForm(view, article) {
  const form = h("form", { id: "correction", novalidate: true, "aria-label": "Correct the record" });
  for (const field of typeOf.get(view.type).fields) {
    form.append(fieldInput(field, current(view)[field.name], field.name, article));
  }
  form.append(
    h("p", { class: "problem", role: "alert", id: "problem" }),
    h("label", { class: "note" }, "note ",
      h("input", { id: "note", value: noteOf(view) })),
    h("div", { class: "actions" },
      h("button", { type: "submit" }, "Save correction"),
      h("button", { type: "button", "data-decision": "cancel" }, "Cancel ", h("kbd", null, "Esc"))),
  );
  return form;
}

function fieldInput(field, value, path, article) {
  if (field.kind === "object") return objectInput(field, value, path, article);
  const attributes = { id: `f-${path}`, name: path, "aria-describedby": "problem" };
  const text = value === null || value === undefined ? "" : String(value);
  const input = field.kind === "choice"
    ? h("select", attributes, [...(field.optional || !text ? [""] : []), ...field.values]
      .map((option) => h("option", { value: option, selected: option === text }, words(option))))
    : h(path === "evidence.quote" ? "textarea" : "input", attributes);
  if (field.kind !== "choice") input.value = text;
  if (path === "evidence.quote") {
    input.rows = 3;
    input.readOnly = !article.text;  // without the text nobody can say where a quote stands
  }
  untouched.set(input, { value, shown: input.value });
  const name = field.name === "text" ? "phrase" : words(field.name);
  return h("label", { class: `field ${field.name}`, title: field.about }, `${name} `, input);
}

function objectInput(field, value, path, article) {
  const variant = variantOf(field, value);
  const own = variant.fields.filter(({ name }) => path !== "evidence" || name === "quote");
  const select = field.variants.length > 1 && h("label", { class: "field choice" }, "of what ",
    h("select", { name: `${path}.variant`, "data-variant": path },
      field.variants.map(({ name }) => h("option", { value: name, selected: name === variant.name },
        name.toLowerCase()))));
  return h("fieldset", { id: `f-${path}`, title: field.about }, h("legend", null, words(field.name)),
    select, own.map((part) => fieldInput(part, value?.[part.name], `${path}.${part.name}`, article)));
}

function variantOf(field, value) {
  return field.variants.find((variant) => value && isVariant(variant, value)) ?? field.variants[0];
}

// The record as the form has it, or a problem and the input where it is.
function readForm(form, view, article) {
  const record = { ...view.record };
  try {
    for (const field of typeOf.get(view.type).fields) {
      record[field.name] = readField(form, field, field.name);
    }
    settle(record, view.record, typeOf.get(view.type).fields, wholeText(article));
    for (const [computed, sources] of Object.entries(data.computedFrom)) {
      const isVoid = sources.some((name) => record[name] !== view.record[name]);
      if (computed in record && isVoid) record[computed] = null;
    }
    return { record };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return { problem };
  }
}

class Problem extends Error {
  constructor(path, message) {
    super(`${words(path.replace(".text", ": phrase").replace(".", ": "))}: ${message}`);
    this.path = path;
  }
}

function readField(form, field, path) {
  if (field.kind === "object") return readObject(form, field, path);
  const input = form.elements[path];
  const { value, shown: before } = untouched.get(input);
  const text = input.value;
  if (text === before && value !== null && value !== undefined) return value;
  if (text.trim() === "") {
    if (field.optional) return null;
    throw new Problem(path, "must not be empty");
  }
  return READ[field.kind](text, path);
}

const READ = {
  text: (text) => text,
  choice: (text) => text,
  date(text, path) {
    if (!isDate(text.trim())) throw new Problem(path, "write the day as 2023-07-03");
    return text.trim();
  },
  number(text, path) {
    const plain = text.trim().replaceAll(",", "");
    const digits = plain.replace(/\D/g, "").replace(/^0+/, "").replace(/0+$/, "");
    if (!/^\d+(\.\d+)?$/.test(plain) || digits.length > MOST_DIGITS) {
      throw new Problem(path, `write a number without sign, of at most ${MOST_DIGITS} digits`);
    }
    return Number(plain);
  },
  whole(text, path) {
    const value = READ.number(text, path);
    if (!Number.isSafeInteger(value)) throw new Problem(path, "must be a whole number");
    return value;
  },
};

function readObject(form, field, path) {
  if (path === "evidence") return { quote: readField(form, { kind: "text" }, "evidence.quote") };
  const chosen = form.elements[`${path}.variant`]?.value ?? field.variants[0].name;
  const { fields } = field.variants.find(({ name }) => name === chosen);
  const written = fields.filter(({ kind }) => kind !== "choice");
  const isBlank = written.every(({ name }) => !form.elements[`${path}.${name}`].value.trim());
  if (isBlank && field.optional) return null;
  const value = {};
  for (const part of fields) value[part.name] = readField(form, part, `${path}.${part.name}`);
  if ("bound" in value && (value.bound === "range") !== (value.upper !== null)) {
    throw new Problem(`${path}.upper`, "a range has an upper end, nothing else has");
  }
  if ("bound" in value && value.upper !== null && value.upper <= value.value) {
    throw new Problem(`${path}.upper`, "must be above the value");
  }
  if (value.start && value.end && value.start > value.end) {
    throw new Problem(`${path}.end`, "must not be before the start");
  }
  return value;
}

// Give quote and phrases their places in the text, as far as it is at hand; what did not change
// stays as it was.
function settle(record, before, fields, text) {
  const isSameQuote = record.evidence.quote === before.evidence.quote;
  record.evidence = isSameQuote ? before.evidence : quotePlace(text, record.evidence.quote);
  for (const { name, kind } of fields) {
    if (kind !== "object" || name === "evidence" || record[name] === null) continue;
    record[name] = placed(record[name], before[name], isSameQuote, text, record.evidence);
  }
}

// Where a quote stands; line breaks and spaces may have changed on the way through the form.
function quotePlace(text, quote) {
  const parts = quote.trim().split(/\s+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const found = new RegExp(parts.join("\\s+")).exec(text);
  if (!found) throw new Problem("evidence.quote", "does not stand in the text: copy it from there");
  const start = toPoint(text, found.index);
  return { quote: found[0], start, end: start + [...found[0]].length };
}

function placed(value, before, isSameQuote, text, evidence) {
  const isSame = Boolean(before) && Object.keys(value).every((key) => value[key] === before[key]);
  if (isSame && isSameQuote) return before;
  if (!text) return { ...value, flags: [], at: null };
  const start = toUnit(text, evidence.start);
  const end = start + evidence.quote.length;
  const at = phrasePlace(text, value.text, start, end);
  const span = at < 0 ? null : [toPoint(text, at), toPoint(text, at + value.text.length)];
  const isCarried = "start" in value && (at < start || at >= end);
  const kept = isSame ? before.flags.filter((flag) => flag !== "carried") : [];
  return { ...value, flags: isCarried ? [...kept, "carried"] : kept, at: span };
}
