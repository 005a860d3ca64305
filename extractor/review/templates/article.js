// The open article, and the record in focus.
let opened = null;
let selected = null;
let hovered = null;
let form = null;

const say = (text) => { byId("said").textContent = text; };

function openArticle(article) {
  [opened, selected, hovered, form] = [article, null, null, null];
  byId("list").querySelector("[aria-current]")?.removeAttribute("aria-current");
  listButton(article)?.setAttribute("aria-current", "true");
  listButton(article)?.scrollIntoView({ block: "nearest" });
  byId("article").hidden = article === null;
  if (article === null) {
    progress();
    return;
  }
  byId("title").replaceChildren(h("bdi", null, article.title ?? article.id));
  byId("about").replaceChildren(...aboutArticle(article));
  byId("notices").replaceChildren(...noticesOf(article).map((text) => (
    h("p", { class: "notice" }, text))));
  byId("reading").scrollTop = 0;
  byId("records").scrollTop = 0;
  refresh();
}

function aboutArticle(article) {
  const parts = [article.title && article.id, article.date, article.source, article.lang]
    .filter(Boolean).flatMap((part) => [h("bdi", null, part), " · "]);
  const address = webAddress(article.url);
  if (address) {
    parts.push(h("a", { href: address, rel: "noopener noreferrer", target: "_blank" },
      new URL(address).hostname));
  } else if (article.url) {
    parts.push(h("bdi", null, article.url));
  }
  return parts.at(-1) === " · " ? parts.slice(0, -1) : parts;
}

function webAddress(text) {
  const isWeb = URL.canParse(text ?? "") && ["http:", "https:"].includes(new URL(text).protocol);
  return isWeb ? new URL(text).href : null;
}

// Characters that change the direction of a text.
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

function noticesOf(article) {
  const turns = TURNING.test((article.title ?? "") + (wholeText(article) ?? ""));
  return [
    article.error && `The article gave no result: ${article.error}`,
    article.notice,
    turns && "The text has invisible characters that change its direction: it may not read as it is "
      + "stored.",
  ].filter(Boolean);
}

function refresh() {
  const focused = document.activeElement;
  const hadFocus = byId("records").contains(focused);
  if (selected !== null && !isShown(opened.records[selected])) [selected, form] = [null, null];
  const name = focused?.dataset?.decision ?? focused?.id;
  drawText(opened);
  drawRecords(opened, isShown, selected, form);
  paint();
  progress();
  if (!hadFocus) return;
  const again = byId("records").querySelector(`[data-decision="${name}"]`);
  (again ?? recordButton(selected))?.focus({ preventScroll: true });
}

function paint() {
  const focus = hovered ?? selected;
  paintText(opened, isShown, focus);
  for (const row of byId("records").querySelectorAll("tr.row")) {
    row.classList.toggle("here", Number(row.dataset.n) === focus);
  }
}

function progress() {
  byId("progress").textContent =
    `${decisions.size.toLocaleString("en")} of ${count(views.size, "record")} decided`;
  const left = opened?.text ? opened.records.filter((view) => !isDecided(view)).length : 0;
  byId("save-gold").disabled = !canBeGold(opened);
  byId("save-gold").textContent = left > 0 ? `Gold of this article: ${left} to decide`
    : opened?.text ? "Gold of this article" : "Gold needs the text";
  byId("save").disabled = decisions.size === 0;
}
