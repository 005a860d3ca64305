// What leaves the page, and what comes back: decisions.jsonl and gold files.
function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function decisionLines() {
  const ordered = [...views.keys()].filter((id) => decisions.has(id));
  return ordered.map((id) => `${JSON.stringify(decisions.get(id))}\n`).join("");
}

// Take decisions from a file; a later one of the same record stands. Returns what to say of it.
function loadDecisions(text) {
  let taken = 0;
  let unknown = 0;
  let wrong = 0;
  for (const line of text.split("\n")) {
    if (!line.trim()) continue;
    const own = completed(parsed(line));
    if (isDecision(own)) {
      decisions.set(own.record_id, own);
      taken += 1;
    } else if (typeof own?.record_id === "string" && !views.has(own.record_id)) {
      unknown += 1;
    } else {
      wrong += 1;
    }
  }
  const parts = [`${count(taken, "decision")} loaded`];
  if (unknown) parts.push(`${unknown} about records that are not on this page`);
  if (wrong) parts.push(`${count(wrong, "line")} passed over that are no decisions`);
  return `${parts.join(", ")}.`;
}

// A decision written elsewhere may have fewer keys, and of a correction only what differs.
function completed(line) {
  const view = views.get(line?.record_id);
  if (!view) return line;
  const { record_id, decision, by = null, at = new Date().toISOString(), note = null } = line;
  const own = { record_id, decision, by, at, note };
  return decision === "correct" ? { ...own, record: { ...view.record, ...line.record } } : own;
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

// Of a failed article nobody knows what it holds.
const canBeGold = (article) => Boolean(article?.text) && !article.error
  && article.records.every(isDecided);

// An article with the records that were accepted or corrected, in the format of evals/gold.
function goldFile(article) {
  const text = wholeText(article);
  const { id, title, date, source: publisher, url, lang } = article;
  const records = Object.fromEntries(data.types.map(({ type, key }) => [key, article.records
    .filter((view) => view.type === type && decisionOf(view).decision !== "reject")
    .map((view) => goldRecord(current(view), text))]));
  return {
    $schema: data.goldSchema,
    article: { text, id, title, date, source: publisher, url, lang },
    records,
    notes: article.records.map((view) => decisionOf(view).note).filter(Boolean).join("\n"),
    split: "dev",
    labelled_by: "assisted",
  };
}

// A record without what code computes: codes, places of phrases, flags of periods.
function goldRecord(record, text) {
  const own = {};
  for (const [name, value] of Object.entries(record)) {
    if (name === "record_id" || name in data.computedFrom) continue;
    own[name] = value !== null && typeof value === "object" ? goldValue(value) : value;
  }
  const { quote, start } = record.evidence;
  own.evidence = quote;
  if (toPoint(text, text.indexOf(quote)) !== start) own.evidence_start = start;
  return own;
}

function goldValue({ at, ...value }) {
  if (!("start" in value)) return value;
  const { flags, ...period } = value;
  return period;
}
