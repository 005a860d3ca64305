// What a reader does: choosing records, deciding on them, keys and buttons.
const recordButton = (n) => byId("records").querySelector(`tr[data-n="${n}"] button.record`);

function select(n, { follow = true } = {}) {
  [selected, hovered, form] = [n, null, null];
  refresh();
  showRecord(n);
  if (follow) firstMark(n, "e")?.scrollIntoView({ block: "nearest" });
}

function showRecord(n) {
  recordButton(n)?.focus({ preventScroll: true });
  recordButton(n)?.closest("tr").scrollIntoView({ block: "nearest" });
}

function stepRecord(by, from = selected) {
  if (!opened) return;
  const places = opened.records.flatMap((view, n) => (isShown(view) ? [n] : []));
  const next = by > 0 ? places.find((n) => from === null || n > from)
    : places.findLast((n) => from === null || n < from);
  if (next !== undefined) select(next);
}

function stepArticle(by) {
  const next = listed[Math.min(Math.max(listed.indexOf(opened) + by, 0), listed.length - 1)];
  if (next && next !== opened) openArticle(next);
  listButton(next)?.focus();
}

function chosen() {
  const view = opened?.records[selected];
  if (!view) say("Choose a record first: click it, or press the down arrow.");
  return view;
}

function decide(decision, record) {
  const view = chosen();
  if (!view) return;
  if (decisionOf(view)?.record && ["accept", "reject"].includes(decision) && !form) {
    say("The record is corrected: take the correction back first, with Undo.");
    return;
  }
  const id = view.record.record_id;
  if (decision === "undo") decisions.delete(id);
  else {
    const own = { record_id: id, decision, by: byId("by").value.trim() || null,
      at: new Date().toISOString(), note: byId("note").value.trim() || null };
    decisions.set(id, record ? { ...own, record } : own);
  }
  form = null;
  saved(`${title(typeOf.get(view.type), view.record)}: ${DECISIONS[decision] ?? "undecided"}.`);
}

function saved(message) {
  keep();
  refresh();
  const place = listed.indexOf(opened);
  if (place >= 0 && place < limit) {
    listButton(opened).parentElement.replaceWith(listItem(opened));
  }
  say(isKept ? message
    : `${message} This browser does not keep decisions: download them before you leave.`);
}

function correct() {
  const view = chosen();
  if (!view) return;
  form = correctionForm(view, opened);
  refresh();
  form.querySelector("input, select, textarea").focus();
}

function cancel() {
  form = null;
  refresh();
  showRecord(selected);
}

function submitCorrection() {
  const view = opened.records[selected];
  const { record, problem } = readForm(form, view, opened);
  for (const input of form.elements) input.removeAttribute("aria-invalid");
  if (problem) {
    byId("problem").textContent = problem.message;
    form.elements[problem.path].setAttribute("aria-invalid", "true");
    form.elements[problem.path].focus();
    return;
  }
  if (JSON.stringify(record) === JSON.stringify(view.record)) decide("accept");
  else decide("correct", record);
  showRecord(selected);
}

const ACTIONS = { accept: () => decide("accept"), reject: () => decide("reject"),
  undo: () => decide("undo"), correct, cancel };

function decideAndStep(decision) {
  const from = selected;
  decide(decision);
  if (from !== null) stepRecord(1, from);
}

const KEYS = {
  j: () => stepArticle(1),
  k: () => stepArticle(-1),
  ArrowDown: () => stepRecord(1),
  ArrowUp: () => stepRecord(-1),
  a: () => decideAndStep("accept"),
  r: () => decideAndStep("reject"),
  c: correct,
  u: () => decide("undo"),
  "/": () => byId("by-text").focus(),
  "?": () => byId("help").showModal(),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  if (event.key === "Escape" && form) cancel();
  const isScrolling = event.key.startsWith("Arrow") && event.target.closest("#reading");
  if (event.target.matches("input, select, textarea") || isScrolling) return;
  if (!Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
}

function onRecordsClick(event) {
  const action = event.target.closest("[data-decision]");
  const figure = event.target.closest("[data-audit]");
  const row = event.target.closest("tr.row");
  if (action) ACTIONS[action.dataset.decision]();
  else if (figure) firstMark(Number(figure.dataset.audit), "a")?.scrollIntoView({ block: "center" });
  else if (row) select(Number(row.dataset.n) === selected && !form ? null : Number(row.dataset.n));
}

function hover(n) {
  if (n === hovered) return;
  hovered = n;
  paint();
}

function onTextClick(event) {
  const mark = event.target.closest("[data-k]");
  const found = mark && document.getSelection().isCollapsed
    ? recordsAt(opened, mark, isShown) : [];
  if (!found.length) return;
  // Clicking again goes through the records whose evidence overlaps here.
  select(found[(found.indexOf(selected) + 1) % found.length], { follow: false });
}

function onRecordsInput(event) {
  const view = opened.records[selected];
  if (event.target.dataset.variant) {
    const path = event.target.dataset.variant;
    const field = typeOf.get(view.type).fields.find(({ name }) => name === path);
    const chosen = field.variants.find(({ name }) => name === event.target.value);
    const others = field.variants.filter((variant) => variant !== chosen);
    const fresh = objectInput({ ...field, variants: [chosen, ...others] }, null, path, opened);
    event.target.closest("fieldset").replaceWith(fresh);
    fresh.querySelector("select").focus();
  } else if (event.target.id === "note") {
    const note = event.target.value.trim() || null;
    const own = decisionOf(view);
    if (own) decisions.set(own.record_id, { ...own, note });
    else notes.set(view, note);
    keep();
  }
}

function start() {
  restore();
  try {
    byId("by").value = localStorage.getItem("extractor-review-by") ?? "";
  } catch { /* the name is typed again */ }
  byId("by").addEventListener("change", () => {
    try {
      localStorage.setItem("extractor-review-by", byId("by").value);
    } catch { /* likewise */ }
  });
  byId("filters").addEventListener("input", applyFilters);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("reset", () => setTimeout(applyFilters));
  byId("list").addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) openArticle(listed[[...item.parentElement.children].indexOf(item)]);
  });
  byId("more").addEventListener("click", () => { limit += LISTED; drawList(); });
  const records = byId("records");
  records.addEventListener("click", onRecordsClick);
  records.addEventListener("change", onRecordsInput);
  records.addEventListener("mouseover", (event) => {
    const row = event.target.closest("tr.row");
    hover(row ? Number(row.dataset.n) : null);
  });
  records.addEventListener("mouseleave", () => hover(null));
  records.addEventListener("submit", (event) => { event.preventDefault(); submitCorrection(); });
  byId("text").addEventListener("click", onTextClick);
  byId("text").addEventListener("mouseover", (event) => {
    const mark = event.target.closest("[data-k]");
    hover(mark ? recordsAt(opened, mark, isShown)[0] ?? null : null);
  });
  byId("text").addEventListener("mouseleave", () => hover(null));
  byId("keys").addEventListener("click", () => byId("help").showModal());
  byId("close").addEventListener("click", () => byId("help").close());
  byId("save").addEventListener("click", () => (
    download("decisions.jsonl", decisionLines(), "application/jsonl")));
  byId("save-gold").addEventListener("click", () => (
    download(opened.file, `${JSON.stringify(goldFile(opened), null, 2)}\n`, "application/json")));
  byId("load").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) saved(loadDecisions(await file.text()));
    event.target.value = "";
    drawList();
  });
  addEventListener("keydown", onKey);
  // The same page in another tab: its decisions count here too.
  addEventListener("storage", (event) => {
    if (event.key === STORED) { restore(); applyFilters(); }
  });
  addEventListener("beforeunload", (event) => { if (!isKept) event.preventDefault(); });
  applyFilters();
}

start();
