"use strict";
const form = document.getElementById("filters");
const articles = [...document.querySelectorAll("details.article")];
const items = new Map(articles.map((a) => [a, [...a.querySelectorAll(".findings > li")]]));
const tones = ["missed", "flawed", "extra", "good"];
const names = ["type", "field", "outcome", "flip"];

function chosen() {
  const values = names.map((name) => [name, document.getElementById("by-" + name)?.value]);
  return values.filter(([, value]) => value);
}

function matches(item, wanted) {
  return wanted.every(([name, value]) => item.dataset[name].split(" ").includes(value)
    || item.dataset[name] === value);
}

function worst(items) {
  return tones.find((tone) => items.some((item) => item.dataset.tone === tone));
}

// A line under what gold says, a shade behind what was predicted, as far as findings are shown.
function paint(article) {
  const own = items.get(article);
  for (const segment of article.querySelectorAll("[data-k]")) {
    const sides = { g: [], p: [], b: [] };
    for (const key of segment.dataset.k.split(" ")) {
      const item = own[key.slice(1)];
      if (!item.hidden) sides[key[0]].push(item);
    }
    const present = Object.entries(sides).filter(([, found]) => found.length > 0);
    segment.className = present.map(([side, found]) => `${side}-${worst(found)}`).join(" ");
  }
}

function apply() {
  const wanted = chosen();
  const name = document.getElementById("by-text").value.trim().toLowerCase();
  let shownArticles = 0;
  let shownItems = 0;
  for (const article of articles) {
    let any = 0;
    for (const item of items.get(article)) {
      item.hidden = !matches(item, wanted);
      any += !item.hidden;
    }
    article.hidden = !article.dataset.name.includes(name) || (wanted.length > 0 && any === 0);
    shownArticles += !article.hidden;
    shownItems += article.hidden ? 0 : any;
    if (article.open) paint(article);
  }
  document.getElementById("count").textContent =
    `${shownItems} records in ${shownArticles} articles`;
}

function point(article, numbers) {
  const own = items.get(article);
  own.forEach((item, number) => item.classList.toggle("here", numbers.includes(number)));
  const segments = [...article.querySelectorAll("[data-k]")];
  for (const segment of segments) {
    const keys = segment.dataset.k.split(" ").map((key) => Number(key.slice(1)));
    segment.classList.toggle("here", keys.some((key) => numbers.includes(key)));
  }
  return segments.find((segment) => segment.classList.contains("here"));
}

function step(by) {
  const shown = articles.filter((article) => !article.hidden);
  const now = shown.findIndex((article) => article.contains(document.activeElement));
  const next = shown[now < 0 ? 0 : Math.min(Math.max(now + by, 0), shown.length - 1)];
  next?.querySelector("summary").focus();
}

for (const article of articles) {
  article.addEventListener("toggle", () => { if (article.open) paint(article); });
}
form.addEventListener("input", apply);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(apply));
document.addEventListener("click", (event) => {
  const article = event.target.closest("details.article");
  const item = event.target.closest(".findings > li");
  const segment = event.target.closest("[data-k]");
  if (item && event.target.closest("button")) {
    point(article, [items.get(article).indexOf(item)])?.scrollIntoView({ block: "nearest" });
  } else if (segment) {
    const numbers = segment.dataset.k.split(" ").map((key) => Number(key.slice(1)));
    const shown = numbers.filter((number) => !items.get(article)[number].hidden);
    point(article, shown);
    items.get(article)[shown[0]]?.scrollIntoView({ block: "nearest" });
  }
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (event.key === "j") step(1);
  if (event.key === "k") step(-1);
});
apply();
