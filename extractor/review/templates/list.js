// The list of articles, as far as the filters let them through.
const LISTED = 500;  // a longer list is slow to lay out; the rest comes on request
const byId = (id) => document.getElementById(id);
const filters = {};
let listed = [];
let limit = LISTED;

const isShown = (view) => isWanted(filters, view);

function applyFilters() {
  for (const name of ["type", "status", "flag", "decision"]) {
    filters[name] = byId(`by-${name}`).value;
  }
  filters.text = byId("by-text").value.trim().toLowerCase();
  listed = data.articles.filter((article) => isListed(filters, article));
  limit = LISTED;
  const records = listed.reduce((sum, own) => sum + own.records.filter(isShown).length, 0);
  byId("count").textContent = `${count(records, "record")} in ${count(listed.length, "article")}`;
  drawList();
  if (!listed.includes(opened)) openArticle(listed[0] ?? null);
  else refresh();
}

function listItem(article) {
  const decided = article.records.filter(isDecided).length;
  const doubts = article.doubts - article.rejected.length - article.audit.length;
  const badge = (number, text) => number > 0 && h("span", { class: "badge" }, `${number} ${text}`);
  return h("li", null, h("button", { type: "button", "aria-current": article === opened && "true" },
    h("bdi", { class: "name" }, article.title ?? article.id),
    h("span", { class: "reading" }, [article.date, count(article.records.length, "record"),
      decided > 0 && `${decided} decided`].filter(Boolean).join(" · ")),
    article.error && h("span", { class: "badge failed" }, "failed"),
    badge(article.rejected.length, "rejected"), badge(article.audit.length, "uncovered"),
    badge(doubts, "doubtful")));
}

function drawList() {
  byId("list").querySelector("ol").replaceChildren(...listed.slice(0, limit).map(listItem));
  byId("more").hidden = listed.length <= limit;
  byId("more").textContent = `Show ${Math.min(LISTED, listed.length - limit)} more`;
}

function listButton(article) {
  const place = listed.indexOf(article);
  if (place >= limit) {
    limit = Math.ceil((place + 1) / LISTED) * LISTED;
    drawList();
  }
  return byId("list").querySelector("ol").children[place]?.firstElementChild;
}
