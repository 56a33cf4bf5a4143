// The blocks of a page: tiles, chart cards, choices, passages, tables. Each has `show(block, phase)` and keeps its nodes.
// What only says something is written anew only when it says something else: new nodes are laid out again.

class Tiles {
  constructor() { this.node = make("div.gw-tiles"); }
  show(block) {
    if (alike(block, this.block)) return;
    this.block = block;
    this.node.replaceChildren(...block.items.map((tile) => make(
      "div.gw-tile", {}, make("div.gw-tile-label", {}, tile.label),
      make("div.gw-tile-number", {}, tile.before ? make("small", {}, `${tile.before} `) : null, tile.number, tile.after ? make("small", {}, `\u202f${tile.after}`) : null),
      make("div.gw-tile-note", {}, tile.note),
    )));
  }
}

function dataTable(table, height) {
  const numeric = (text) => /^[+\u2212-]?[\d.,]+( ?%)?$/.test(text);
  return make("div.gw-table", { tabindex: 0, role: "region", "aria-label": "Table", style: height ? `height: ${height}px` : undefined }, make(
    "table", {},
    make("thead", {}, make("tr", {}, ...table.columns.map((name) => make("th", { scope: "col" }, name)))),
    make("tbody", {}, ...table.rows.map((row) => make("tr", {}, ...row.map((cell) => make(numeric(cell) ? "td.gw-number" : "td", {}, cell))))),
  ));
}

function comma(table) {
  const quoted = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const safe = (cell) => (/^[=@\t]/.test(cell) ? `'${cell}` : cell.replaceAll("\u2212", "-").replace(/^\+(?=[\d.])/, ""));
  return "\ufeff" + [table.columns, ...table.rows].map((row) => row.map((cell) => quoted(safe(String(cell)))).join(",")).join("\r\n") + "\r\n";
}

class ChartCard {
  constructor(name, context) {
    this.context = context;
    this.name = name;
    this.title = make("h3");
    this.shows = make("p.gw-shows");
    this.frame = make("div.gw-drawing", { role: "img" });
    this.table = make("div", { hidden: true });
    const word = (label, action) => make("button.gw-word", { type: "button", onclick: action }, label);
    this.swap = word("Table", () => this.turn());
    this.foot = make("div.gw-foot", {}, this.swap,
      word("CSV", () => save(new Blob([comma(this.card.table)], { type: "text/csv" }), `${this.name}.csv`)),
      word("PNG", async () => save(await this.drawing.png(), `${this.name}.png`)),
      word("SVG", () => save(new Blob([this.drawing.svg()], { type: "image/svg+xml" }), `${this.name}.svg`)));
    this.node = make("section.gw-card", {}, this.title, this.shows, this.frame, this.table, this.foot);
  }

  turn() {
    const toTable = this.table.hidden;
    const height = this.frame.clientHeight;
    if (toTable) this.table.replaceChildren(dataTable(this.card.table, height));
    this.table.hidden = !toTable;
    this.frame.hidden = toTable;
    this.swap.textContent = toTable ? "Picture" : "Table";
  }

  async show(card, phase) {
    this.card = card;
    const specification = this.context.specifications()[card.chart];
    this.title.textContent = card.title;
    this.shows.textContent = card.shows;
    this.frame.style.height = `${specification.height + specification.padding.top + specification.padding.bottom}px`;
    if (card.work) this.node.classList.add("gw-late");
    this.foot.style.visibility = card.empty ? "hidden" : "visible";
    this.frame.setAttribute("role", card.empty ? "group" : "img"); // what waits has a button in it
    this.frame.setAttribute("aria-label", card.empty ? `${card.title}. ${card.empty}` : card.spoken);
    if (card.empty) {
      this.remove();
      this.drawing = undefined;
      const kept = this.frame.firstChild;
      if (card.work && kept?.dataset?.work === card.work) kept.firstChild.textContent = card.empty;
      else this.frame.replaceChildren(card.work ? waitingPlace(card, this.context) : make("p.gw-empty", {}, card.empty));
      return;
    }
    if (!this.drawing) {
      const embed = await this.context.runtime();
      if (this.card.empty) return;
      if (this.drawing === undefined) {
        this.frame.replaceChildren();
        this.drawing = new Drawing(this.frame, specification, embed, this.card);
      }
    }
    if (!this.table.hidden) this.table.replaceChildren(dataTable(card.table, this.table.firstChild.clientHeight));
    await this.drawing.show(this.card, phase);
  }

  remove() { this.drawing?.remove(); }
}

class Cards {
  constructor(context) { this.context = context; this.node = make("div"); this.cards = []; }
  show(block, phase) {
    this.node.className = `gw-cards gw-${block.layout}`;
    this.cards.splice(block.items.length).forEach((card) => { card.remove(); card.node.remove(); });
    block.items.forEach((card, place) => {
      if (!this.cards[place]) {
        this.cards[place] = new ChartCard(card.chart, this.context);
        this.node.appendChild(this.cards[place].node);
      }
      this.cards[place].show(card, phase);
    });
  }
  remove() { this.cards.forEach((card) => card.remove()); }
}

class Choices {
  constructor(context) { this.context = context; this.node = make("div.gw-choices"); this.made = {}; }
  show(block) {
    for (const choice of block.items) {
      let input = this.made[choice.name];
      if (!input) {
        const key = `gw-${uniqueNumber++}`;
        const isBox = Boolean(choice.hint), isSwitch = !choice.options.length && !isBox;
        input = isBox ? make("input.gw-box", { id: key, type: "text", autocomplete: "off", placeholder: choice.hint, "aria-describedby": `${key}-fault` }) : isSwitch ? make("input.gw-switch", { id: key, type: "checkbox", role: "switch" }) : make("select.gw-select", { id: key }, ...choice.options.map(([value, label]) => make("option", { value }, label)));
        input.addEventListener("change", () => this.context.send({ do: "ask", name: choice.name, value: isSwitch ? input.checked : input.value }));
        this.made[choice.name] = input;
        input.fault = isBox ? make("div.gw-fault", { id: `${key}-fault`, role: "alert" }) : "";
        this.node.append(make("div.gw-choice", {}, make("label", { for: key }, choice.label), input, input.fault));
      }
      else if (choice.options.length && input.options.length !== choice.options.length) input.replaceChildren(...choice.options.map(([value, label]) => make("option", { value }, label)));
      if (input.fault) {
        input.parentNode.hidden = choice.is_hidden;
        input.parentNode.classList.toggle("gw-refused", choice.fault.length > 0);
        input.fault.replaceChildren(...(choice.fault.length ? [make("strong", {}, choice.fault[0]), ` ${choice.fault[1]}`] : []));
      }
      if (input.type === "checkbox") input.checked = Boolean(choice.value);
      else input.value = choice.value;
    }
  }
}

class Passages {
  constructor() { this.node = make("section.gw-passages"); }
  show(block) {
    if (alike(block, this.block)) return;
    this.block = block;
    this.node.replaceChildren(...(block.title ? [make("h3", {}, block.title)] : []), ...block.items.map((words) => make("p", {}, ...sentence(words))));
  }
}

class PlainTable {
  constructor() { this.node = make("section.gw-passages"); }
  show(block) {
    if (alike(block, this.block)) return;
    this.block = block;
    this.node.hidden = !block.items.length;
    this.node.replaceChildren(make("h3", {}, block.title), ...block.items.map((table) => dataTable(table)));
  }
}

function gradeMark(grade) {
  return make(`span.gw-grade.gw-grade-${grade}`, {}, grade);
}

function sourceCell(row) {
  const name = row.url ? make("a", { href: row.url, rel: "noreferrer noopener", target: "_blank" }, row.source) : row.source;
  const mark = ["recalled", "estimate", "secondary", "judgement"].includes(row.mark) && !row.tags.includes("without") ? `, ${row.mark}` : "";
  return [gradeMark(row.grade), make("span", {}, name, row.date ? `, ${row.date}` : "", mark)];
}

class Assumptions {
  constructor(context) {
    this.context = context;
    this.filter = "all";
    this.count = 9;
    this.filters = make("div.gw-filters", { role: "group", "aria-label": "Show" });
    const key = `gw-${uniqueNumber++}`;
    const only = make("input.gw-switch", { id: key, type: "checkbox", role: "switch" });
    only.addEventListener("change", () => context.send({ do: "graded", on: only.checked }));
    this.bar = make("div.gw-filter-bar", {}, this.filters, make("div.gw-choice", {}, make("label", { for: key }, "Verdict from A and B only"), only));
    this.body = make("tbody");
    this.more = make("button.gw-word", { type: "button", onclick: () => { this.count = 1000; this.draw(); } });
    this.moves = make("th.gw-number", { scope: "col" });
    this.csv = make("button.gw-word", { type: "button", onclick: () => save(new Blob([comma(this.table())], { type: "text/csv" }), "assumptions.csv") }, "CSV");
    const head = ["Assumption", "Value", "p10 \u2013 p90", "Source and grade"].map((name, place) => make(place === 1 ? "th.gw-number" : "th", { scope: "col" }, name));
    this.node = make("section", {}, this.bar,
      make("table.gw-assumptions", {}, make("thead", {}, make("tr", {}, ...head, this.moves, make("th", { scope: "col" }, "Remark"))), this.body),
      make("div.gw-foot", {}, this.more, this.csv, make("span.gw-key", {}, "Grades: A measured or reviewed \u00b7 B broad survey \u00b7 C vendor or prediction \u00b7 D judged")));
  }

  table() {
    return { columns: ["path", "label", "value", "unit", "range", "grade", "mark", "source", "date", "link", "note"], rows: this.rows.map((row) => [row.path, row.label, row.value, row.unit, row.range, row.grade, row.mark, row.source, row.date, row.url, row.note]) };
  }

  show(block) { this.rows = block.items; this.moves.textContent = block.title; this.draw(); }

  draw() {
    const kinds = [["all", "All"], ["changed", "Changed"], ["for", "For"], ["against", "Against"], ["without", "Without evidence"]];
    const of = (kind) => this.rows.filter((row) => kind === "all" || row.tags.includes(kind));
    this.filters.replaceChildren(...kinds.map(([kind, label]) => make("button.gw-pill", { type: "button", "aria-pressed": String(kind === this.filter), onclick: () => { this.filter = kind; this.draw(); this.filters.querySelector('[aria-pressed="true"]').focus(); } }, `${label} ${of(kind).length}`)));
    const rows = of(this.filter);
    this.body.replaceChildren(...rows.slice(0, this.count).map((row) => this.row(row)));
    this.more.textContent = `${rows.length - this.count} more`;
    this.more.hidden = rows.length <= this.count;
  }

  row(row) {
    const [low, high, now, home] = row.belt;
    const belt = make("div.gw-small-belt", { "aria-hidden": "true" }, make("span.gw-belt", { style: `left: ${low}%; width: ${high - low}%` }), make("span.gw-dot", { style: `left: ${now}%` }), row.was ? make("span.gw-tick", { style: `left: ${home}%` }) : null);
    const remark = row.was
      ? [`was ${row.was} `, make("button.gw-word", { type: "button", "aria-label": `Reset ${row.label}`, onclick: () => this.context.send({ do: "reset", paths: [row.path] }) }, "Reset")]
      : [row.remark];
    return make("tr", { "data-row": row.path },
      make("td", {}, make("button.gw-name", { type: "button", title: row.help, onclick: () => this.context.find(row.path) }, row.label), make("div.gw-sub", {}, row.unit)),
      make("td.gw-number", {}, make(row.was ? "mark" : "strong", {}, row.value)),
      make("td", {}, belt, make("div.gw-sub", {}, row.range)),
      make("td.gw-source", { title: row.note }, ...sourceCell(row)),
      make("td.gw-number", {}, row.moves),
      make("td.gw-remark", {}, ...remark));
  }
}

class EvidenceList {
  constructor() {
    this.filter = "against";
    this.filters = make("div.gw-filters", { role: "group", "aria-label": "Show findings" });
    this.body = make("tbody");
    this.title = make("h3");
    this.node = make("section.gw-evidence", {}, this.title, this.filters, make("div.gw-table", { tabindex: 0, role: "region", "aria-label": "Findings" }, make("table", {}, make("thead", {}, make("tr", {}, ...["Finding", "Value", "Source", "Grade"].map((name) => make("th", { scope: "col" }, name)))), this.body)));
  }
  show(block) {
    this.title.textContent = block.title;
    const kinds = [["against", "Against"], ["for", "For"], ["neutral", "Neither"]];
    this.filters.replaceChildren(...kinds.map(([kind, label]) => make("button.gw-pill", { type: "button", "aria-pressed": String(kind === this.filter), onclick: () => { this.filter = kind; this.show(block); this.filters.querySelector('[aria-pressed="true"]').focus(); } }, `${label} ${block.items.filter((row) => row.direction === kind).length}`)));
    this.body.replaceChildren(...block.items.filter((row) => row.direction === this.filter).map((row) => make("tr", {},
      make("td", {}, row.label, make("div.gw-sub", {}, row.remark)),
      make("td", {}, `${row.value} ${row.unit}`),
      make("td", {}, row.url ? make("a", { href: row.url, rel: "noreferrer noopener", target: "_blank" }, row.title) : row.title, row.year ? `, ${row.year}` : ""),
      make("td", {}, row.grade))));
  }
}

const BLOCKS = { tiles: Tiles, cards: Cards, choices: Choices, passages: Passages, table: PlainTable, assumptions: Assumptions, evidence: EvidenceList };
