// Controls of the rail: a label, a number box, a slider with the belt of what is believed under it, where it comes from, Reset.

let uniqueNumber = 0;

// Makes a node: make("div.note", {title}, child, "text"). Text is always text, never HTML.
function make(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// A sentence: spans with a look, none of them HTML.
function sentence(spans) {
  return spans.map(([text, look]) => {
    if (!look) return document.createTextNode(text);
    if (look === "fact") return make("strong", {}, text);
    return make("strong.said", { style: `color: var(--gw-${look}-text)` }, text);
  });
}

function figure(value) {
  if (typeof value !== "number") return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value), sign = value < 0 ? "\u2212" : "";
  if (size >= 0.9995e9) return `${sign}${Number((size / 1e9).toPrecision(3))}\u00a0bn`;
  if (size >= 0.9995e6) return `${sign}${Number((size / 1e6).toPrecision(3))}\u00a0M`;
  if (size >= 999.5) return sign + Math.round(size).toLocaleString("en-US");
  const digits = Math.min(12, Math.max(0, 2 - Math.floor(Math.log10(size))));
  const said = size.toFixed(digits);
  return sign + (said.includes(".") ? said.replace(/\.?0+$/, "") : said);
}

// What a reader typed: digits, thousands parted by commas or spaces, a true minus, k, M or bn, a % where the box is in %.
// Whatever else it is stays text: 1,5 may be one and a half or fifteen, and only the reader knows.
function typed(text, unit) {
  const plain = text.trim().replace(/^[\u2212\u2013]/, "-").replace(/[\u00a0\u202f\u2009]/g, " ");
  const whole = /^([-+]?)([1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?: \d{3})+|\d+)?(\.\d*)?(e[-+]?\d+)? ?(k|m|bn)? ?(%)?$/i.exec(plain);
  const [, sign, digits = "", fraction = "", power = "", size = "", percent] = whole || [];
  if (!/\d/.test(digits + fraction) || (percent && !unit.startsWith("%"))) return plain.toLowerCase() === "never" ? "never" : text.trim();
  const number = Number(sign + digits.replace(/[, ]/g, "") + fraction + power) * { "": 1, k: 1e3, m: 1e6, bn: 1e9 }[size.toLowerCase()];
  return Number.isFinite(number) ? number : text.trim();
}

// Where a value stands on a control's slider, 0 to 200, and back. A month may also be never: the last stop.
const STEPS = 200;
function stepOf(control, value) {
  if (control.kind === "month") return value === "never" ? control.right + 1 : Math.min(value, control.right);
  const { left, right, log } = control;
  const share = log ? Math.log(Math.max(value, left) / left) / Math.log(right / left) : (value - left) / (right - left);
  return Math.round(STEPS * Math.min(1, Math.max(0, share)));
}

function valueAt(control, step) {
  if (control.kind === "month") return step > control.right ? "never" : step;
  if (step === stepOf(control, control.value)) return control.value;
  const { left, right, log } = control;
  const share = step / STEPS;
  const value = log ? left * (right / left) ** share : left + share * (right - left);
  if (control.whole) return Math.round(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10((right - left) / STEPS || 1)) - 1);
  return log ? Number(value.toPrecision(3)) : Number(value.toFixed(Math.min(12, digits)));
}

class NumberControl {
  constructor(control, send, open) {
    this.control = control;
    this.send = send;
    const key = `gw-${uniqueNumber++}`;
    const isMonth = control.kind === "month";
    this.box = make("input.gw-box", { id: key, type: "text", inputmode: "decimal", autocomplete: "off", "aria-describedby": `${key}-note`, title: control.help });
    this.slider = make("input.gw-slider", {
      type: "range", min: isMonth ? control.left : 0, max: isMonth ? control.right + 1 : STEPS, step: 1, "aria-label": control.label, title: control.help,
    });
    this.was = make("span.gw-was");
    this.reset = make("button.gw-word.gw-reset", { type: "button", "aria-label": `Reset ${control.label}`, onclick: () => send({ do: "reset", paths: [control.path] }) }, "Reset");
    this.fault = make("div.gw-fault", { role: "alert" });
    const [low, high] = control.belt.length ? control.belt : [0, 0];
    const track = make(
      "div.gw-track", {},
      make("span.gw-belt", { style: `left: ${low}%; width: ${high - low}%` }),
      make("span.gw-tick", { style: `left: calc(8px + (100% - 16px) * ${control.tick / 100})` }),
      this.slider,
    );
    const chip = control.grade
      ? make("button.gw-chip", { type: "button", title: control.chip_help, onclick: () => open("says-who", control.path), "aria-label": `${control.label}: ${control.chip_help} Says who?` },
          make(`span.gw-grade.gw-grade-${control.grade}`, { "aria-hidden": "true" }, control.grade), control.chip)
      : make("span.gw-chip", {}, control.chip);
    this.node = make(
      "div.gw-control", { "data-path": control.path },
      make("label", { for: key, title: control.help }, control.label), this.box, make("span.gw-unit", {}, control.unit),
      track, make("div.gw-note", { id: `${key}-note` }, chip, this.was, this.reset), this.fault,
    );
    this.slider.addEventListener("input", () => this.drag());
    this.slider.addEventListener("change", () => this.release());
    this.box.addEventListener("change", () => this.type());
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.type();
      if (event.key === "Escape") this.forget();
    });
    this.show();
  }

  drag() {
    const value = valueAt(this.control, Number(this.slider.value));
    this.dragged = value;
    this.write(value);
    this.node.classList.toggle("gw-moved", value !== this.control.value);
    this.send({ do: "change", path: this.control.path, shown: value, phase: "dragging" });
  }

  release() {
    if (this.dragged === undefined) return;
    const value = this.dragged;
    this.dragged = undefined;
    this.send({ do: "change", path: this.control.path, shown: value, phase: "released" });
  }

  type() {
    if (this.box.value === this.text) return;
    this.text = this.box.value;
    this.send({ do: "change", path: this.control.path, shown: typed(this.box.value, this.control.unit), phase: "released" });
  }

  // What was typed and not taken goes; the box shows what the model has.
  forget() {
    this.box.value = this.text = this.shown;
    if (this.node.classList.contains("gw-refused")) this.send({ do: "forget", path: this.control.path });
  }

  write(value) {
    this.shown = this.text = this.box.value = figure(value);
    this.slider.setAttribute("aria-valuetext", `${figure(value)} ${this.control.unit}`);
  }

  // What the model says: nothing when the control is at home.
  show(changed) {
    if (this.dragged !== undefined) return;
    const value = changed && changed.value !== undefined ? changed.value : this.control.value;
    if (!changed?.fault) this.write(value);
    this.slider.value = stepOf(this.control, value);
    this.node.classList.toggle("gw-moved", Boolean(changed && changed.value !== undefined));
    this.node.classList.toggle("gw-refused", Boolean(changed?.fault));
    this.box.setAttribute("aria-invalid", changed?.fault ? "true" : "false");
    this.was.textContent = changed?.was || "";
    this.fault.replaceChildren(...(changed?.fault ? [make("strong", {}, changed.fault[0]), " ", changed.fault[1]] : []));
  }
}

class SwitchControl {
  constructor(control, send) {
    this.control = control;
    const key = `gw-${uniqueNumber++}`;
    this.box = make("input.gw-switch", { id: key, type: "checkbox", role: "switch", title: control.help });
    this.box.addEventListener("change", () => send({ do: "change", path: control.path, shown: this.box.checked, phase: "released" }));
    this.fault = make("div.gw-fault", { role: "alert" });
    this.node = make("div.gw-row", { "data-path": control.path }, make("label", { for: key, title: control.help }, control.label), this.box, this.fault);
    this.show();
  }

  show(changed) {
    this.box.checked = changed && changed.value !== undefined ? changed.value : this.control.value;
    this.node.classList.toggle("gw-moved", Boolean(changed && changed.value !== undefined));
    this.fault.replaceChildren(...(changed?.fault ? [make("strong", {}, changed.fault[0]), " ", changed.fault[1]] : []));
  }
}

class SeveralControl {
  constructor(control, send) {
    this.control = control;
    this.boxes = control.options.map(([name, label]) => {
      const box = make("input", { type: "checkbox", value: name });
      box.addEventListener("change", () => send({ do: "change", path: control.path, shown: this.boxes.filter((each) => each.box.checked).map((each) => each.name), phase: "released" }));
      return { name, box, node: make("label.gw-check", {}, box, label) };
    });
    this.was = make("span.gw-was");
    this.reset = make("button.gw-word.gw-reset", { type: "button", "aria-label": `Reset ${control.label}`, onclick: () => send({ do: "reset", paths: [control.path] }) }, "Reset");
    this.node = make("fieldset.gw-several", { "data-path": control.path }, make("legend", { title: control.help }, control.label), ...this.boxes.map((each) => each.node), make("div.gw-note", {}, make("span.gw-chip", {}, control.chip), this.was, this.reset));
    this.show();
  }

  show(changed) {
    const chosen = changed && changed.value !== undefined ? changed.value : this.control.value;
    for (const each of this.boxes) each.box.checked = chosen.includes(each.name) || chosen.includes("*");
    this.node.classList.toggle("gw-moved", Boolean(changed && changed.value !== undefined));
    this.was.textContent = changed?.value !== undefined ? changed.was : "";
  }
}

function controlOf(control, send, open) {
  if (control.kind === "several") return new SeveralControl(control, send);
  return new NumberControl(control, send, open);
}
