// Drawings: a specification arrives once, then only rows and signals. Width is the front end's business.

// Vega comes from our server once and is cached by the browser; where nobody serves it, the widget asks the kernel for it.
function drawingRuntime(ask) {
  globalThis.groundworkRuntime ??= new Promise((done) => {
    const look = (asked, since) => {
      if (globalThis.groundworkVegaEmbed) return done(globalThis.groundworkVegaEmbed);
      const served = document.getElementById("groundwork-runtime");
      if (!asked && !served) { ask(); asked = true; }
      setTimeout(look, 15, asked, since);
    };
    look(false, Date.now());
  });
  return globalThis.groundworkRuntime;
}

function takeRuntime(buffer) {
  const script = document.createElement("script");
  script.id = "groundwork-runtime-sent";
  script.type = "module";
  script.src = URL.createObjectURL(new Blob([buffer], { type: "text/javascript" }));
  document.head.appendChild(script);
}

// Whether two plain values say the same; ends at the first difference, which while a slider moves is an early one.
function alike(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => alike(one[name], other[name]));
}

// One drawing in a frame, made with its first card {data, signals, held, spoken}: it is drawn once, at its width, with its rows.
// After that `show` takes rows and signals; an axis may grow while a slider is dragged and shrinks only once it is released.
class Drawing {
  constructor(frame, specification, embed, card) {
    this.frame = frame;
    this.padding = specification.padding.left + specification.padding.right;
    const layers = specification.layer ?? [specification];
    this.paths = new Set(layers.filter(({ mark }) => ["line", "area"].includes(mark.type)).map(({ data }) => data.name));
    this.signals = { ...card.signals };
    this.waiting = null;
    const first = { ...specification, datasets: card.data, width: this.room(frame.clientWidth) || specification.width };
    first.params = specification.params?.map((each) => (each.name in card.signals ? { ...each, value: card.signals[each.name] } : each));
    // An empty set of rows is no fault here, and the runtime would warn of it with every drawing: level 1 tells errors only.
    this.ready = embed(frame, first, { actions: false, renderer: "svg", tooltip: false, logLevel: 1 }).then((made) => {
      this.view = made.view;
      this.finalize = made.finalize;
      this.drawn(card);
      this.fit = new ResizeObserver(([entry]) => this.resize(entry.contentRect.width));
      this.fit.observe(frame);
    });
    this.ready.catch((error) => console.error(error));
  }

  room(width) { return Math.floor(width - this.padding); }

  resize(width) {
    const room = this.room(width);
    if (room > 0 && room !== this.view.width()) this.view.width(room).runAsync();
  }

  async show(card, phase) {
    this.waiting = [card, phase];
    await this.ready;
    if (!this.waiting || this.gone) return;
    const [now, moment] = this.waiting;
    this.waiting = null;
    const signals = { ...now.signals };
    if (now.held && moment === "dragging" && this.signals[now.held[0]] !== undefined) {
      const [low, high] = now.held;
      signals[low] = Math.min(signals[low], this.signals[low]);
      signals[high] = Math.max(signals[high], this.signals[high]);
    }
    const moved = Object.entries(signals).filter(([name, value]) => value !== this.signals[name]);
    this.signals = signals;
    for (const [name, value] of moved) this.view.signal(name, value);
    const changed = Object.entries(now.data).filter(([name, rows]) => this.change(name, rows));
    if (changed.length || moved.length) await this.view.runAsync();
    this.drawn(now);
  }

  // Rows change where they stand, so that what is drawn of them keeps its nodes: new ones would be styled and laid out anew. Rows
  // that together make lines are all replaced when other lines are to be made of them. Says whether anything is another.
  change(name, rows) {
    const held = [...this.view.data(name)];
    const kept = Math.min(held.length, rows.length);
    const cells = [];
    for (let place = 0; place < kept; place++) {
      const [one, row] = [held[place], rows[place]];
      for (const field of Object.keys(row)) if (!alike(one[field], row[field])) cells.push([one, field, row[field]]);
      for (const field of Object.keys(one)) if (!(field in row) && one[field] !== undefined) cells.push([one, field, undefined]);
    }
    if (held.length === rows.length && !cells.length) return false;
    const areOthers = held.length !== rows.length || cells.some(([, , value]) => typeof value !== "number");
    if (this.paths.has(name) && areOthers) this.view.data(name, rows);
    else {
      const changes = this.view.changeset().remove(held.slice(kept)).insert(rows.slice(kept));
      for (const cell of cells) changes.modify(...cell);
      this.view.change(name, changes);
    }
    return true;
  }

  drawn(card) {
    this.frame.setAttribute("aria-label", card.spoken);
    this.frame.querySelector("svg").setAttribute("aria-hidden", "true");
    globalThis.groundworkDrawn = (globalThis.groundworkDrawn || 0) + 1;
  }

  remove() {
    this.gone = true;
    this.fit?.disconnect();
    this.finalize?.();
  }

  // The picture as it looks now: tokens resolved to the theme's colours, paper behind it.
  svg() {
    const source = this.frame.querySelector("svg");
    const copy = source.cloneNode(true);
    const style = getComputedStyle(this.frame);
    const resolve = (text) => text.replace(/var\((--gw-[\w-]+)\)/g, (_, name) => style.getPropertyValue(name).trim());
    for (const node of [copy, ...copy.querySelectorAll("*")])
      for (const { name, value } of [...node.attributes]) if (value.includes("var(")) node.setAttribute(name, resolve(value));
    const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    paper.setAttribute("width", "100%");
    paper.setAttribute("height", "100%");
    paper.setAttribute("fill", style.getPropertyValue("--gw-paper").trim());
    copy.prepend(paper);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    return new XMLSerializer().serializeToString(copy);
  }

  async png() {
    const source = this.frame.querySelector("svg");
    const image = new Image();
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(this.svg());
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * source.clientWidth;
    canvas.height = 2 * source.clientHeight;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  }
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
