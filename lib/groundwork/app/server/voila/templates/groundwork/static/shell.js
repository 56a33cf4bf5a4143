// The page around it all: top bar, verdict, tabs, rail and pages; messages to the model and what comes back.

class Shell {
  constructor(model, el) {
    this.model = model;
    this.pages = {};
    this.asked = 0; // what the reader did, newest; of the changes of one drag only the newest is sent
    this.number = this.heard = Math.floor(Math.random() * 2 ** 40); // two views of one model know their own answers
    this.sent = new Map();
    this.waiting = new Map();
    this.controls = new Map();
    this.context = { send: (said) => this.send(said), find: (path) => this.find(path), specifications: () => model.get("specifications"), runtime: () => drawingRuntime(() => model.send({ do: "runtime" })), moment: () => ({ progress: model.get("progress"), settled: model.get("moment").settled }) };
    this.build(el);
    const follow = { verdict: "showVerdict", rail: "showRail", more: "showMore", inputs: "showInputs", page: "showPage", progress: "showProgress", message: "showMessage", link: "showLink", graded: "showGraded", moment: "hear", comparison: "showComparison" };
    for (const [name, method] of Object.entries(follow)) model.on(`change:${name}`, () => this[method]());
    model.on("msg:custom", (said, buffers) => {
      if (said.runtime) takeRuntime(buffers[0]);
      if (said.file) save(new Blob([buffers[0]], { type: said.type }), said.file);
    });
    for (const method of ["showRail", "showVerdict", "showInputs", "showPage", "showProgress", "showMessage", "hear"]) this[method]();
    this.watch();
    const link = new URLSearchParams(location.search).get("s");
    if (link) this.send({ do: "restore", link });
    else this.showLink();
    if (document.body.dataset.voila) {
      this.turned = () => this.followAddress();
      addEventListener("popstate", this.turned);
      this.followAddress();
    }
  }

  // A moved control sends its newest value only once the last message was answered: nothing queues up, by mouse or by key.
  send(said) {
    said.asked = ++this.asked;
    this.passOn(said);
    this.nameMoment();
  }

  passOn(said) {
    if (said.do === "change" && this.heard < this.number) {
      this.waiting.delete(said.path);
      this.waiting.set(said.path, said);
      return;
    }
    if (said.do !== "change") {
      const before = [...this.waiting.values()].filter(() => said.do !== "reset" && said.do !== "restore");
      this.waiting.clear();
      for (const one of before) this.post(one);
    }
    this.post(said);
  }

  post(said) {
    said.number = ++this.number;
    this.sent.set(said.number, said.asked);
    this.sentAt = Date.now();
    this.model.send(said);
  }

  hear() {
    const { answered } = this.model.get("moment");
    if (this.sent.has(answered)) {
      this.heard = answered;
      for (const number of this.sent.keys()) if (number < answered) this.sent.delete(number);
      this.showLink();
      if (this.heard === this.number && this.waiting.size) {
        const [path, next] = this.waiting.entries().next().value;
        this.waiting.delete(path);
        this.post(next);
      }
    }
    this.nameMoment();
    this.showProgress();
  }

  // What a program that watches the page may wait for: all that the reader did is answered (asked = answered), in so many
  // futures, and nothing more comes by itself (settled).
  nameMoment() {
    const { phase, samples, changes, settled } = this.model.get("moment");
    const answered = this.heard === this.number && !this.waiting.size ? this.asked : this.sent.get(this.heard) || 0;
    Object.assign(this.root.dataset, { asked: this.asked, answered, phase, samples, changes, settled });
  }

  build(el) {
    const about = this.model.get("about");
    const looks = (theme) => about.looks.map((look) => `--gw-${look.token}: ${look[theme][0]}; --gw-${look.token}-text: ${look[theme][1]};`).join(" ");
    const style = make("style", {}, `:root { ${looks("light")} } [data-theme="dark"] { ${looks("dark")} } @media print { [data-theme="dark"] { ${looks("light")} } }`);
    const word = (label, said) => make("button.gw-top-word", { type: "button", onclick: () => this.send(said) }, label);
    this.undo = word("Undo", { do: "undo" });
    this.redo = word("Redo", { do: "redo" });
    this.share = make("button.gw-top-word", { type: "button", onclick: () => this.copyLink() }, "Share");
    this.scenarios = new Scenarios(about.name, { send: (said) => this.send(said), link: () => this.model.get("link"), close: () => this.compareWord.focus() });
    this.compareWord = make("button.gw-top-word", { type: "button", "aria-expanded": "false", onclick: () => { this.turnWords(false); this.compareWord.setAttribute("aria-expanded", String(this.scenarios.turn())); } }, "Compare");
    this.download = downloadMenu((what) => this.send({ do: "download", what, note: this.scenarios.note() }));
    this.top = make("header.gw-top", {}, brand(), make("span.gw-industry", {}, about.title), this.moreWords = make("button.gw-top-word.gw-more-words", { type: "button", "aria-expanded": "false", onclick: () => this.turnWords(undefined) }, "More"), make("nav.gw-words", { "aria-label": "Tools" }, this.undo, this.redo, this.compareWord, this.share, this.download, themeWord()));
    this.message = make("div.gw-message", { role: "alert", hidden: true });
    this.said = make("h1.gw-sentence");
    this.strip = make("div.gw-strip", { "aria-hidden": "true" });
    this.key = make("ul.gw-key-list");
    this.runLine = make("p.gw-run");
    this.changesLine = make("p.gw-changes");
    this.gradedLine = make("p.gw-changes");
    this.live = make("div.gw-hidden", { "aria-live": "polite" });
    this.bar = make("section.gw-verdict", { "aria-label": "Verdict" },
      make("div.gw-said", {}, make("p.gw-question", {}, about.question), this.said),
      make("div.gw-futures", {}, make("p.gw-question", {}, "In 100 futures, the best choice is"), this.strip, this.key, this.runLine, this.changesLine, this.gradedLine), this.live);
    this.tabs = make("div.gw-tabs", { role: "tablist", "aria-label": "Pages", onkeydown: (event) => this.arrow(event) },
      ...about.tabs.map((tab) => make("button.gw-tab", { type: "button", role: "tab", id: `gw-tab-${tab.key}`, "aria-controls": `gw-page-${tab.key}`, onclick: () => this.open(tab.key) }, tab.question)));
    this.select = make("select.gw-select.gw-page-select", { "aria-label": "Page", onchange: () => this.open(this.select.value) }, ...about.tabs.map((tab) => make("option", { value: tab.key }, tab.question)));
    this.short = make("div.gw-short");
    this.railNode = make("aside.gw-rail", { "aria-label": "Inputs" });
    this.progress = make("div.gw-progress", { hidden: true });
    this.pagesNode = make("div.gw-pages");
    this.sheet = make("button.gw-primary", { type: "button", onclick: () => this.turnSheet() });
    this.bottomSaid = make("div.gw-bottom-said");
    this.bottom = make("div.gw-bottom", {}, this.bottomSaid, this.sheet);
    this.banner = make("div.gw-banner", { role: "alert", hidden: true }, make("span", {}, make("strong", {}, about.words.lost), ` ${about.words.kept}`), make("button", { type: "button", onclick: () => location.reload() }, about.words.reload));
    const skip = make("button.gw-skip", { type: "button", onclick: () => [...this.pagesNode.children].find((page) => !page.hidden)?.focus() }, "Skip to the results");
    this.printed = make("div.gw-printed");
    this.root = make("div.gw", {}, style, skip, this.banner, this.top, this.message, this.bar, this.printed, this.scenarios.node, make("div.gw-tab-bar", {}, this.tabs, this.select), make("div.gw-columns", {}, make("div.gw-rail-column", {}, this.short, this.railNode), make("main.gw-main", {}, this.progress, this.pagesNode)), this.bottom);
    el.appendChild(this.root);
    const first = () => { // the page first, the notebook's story under it
      if (!this.root.isConnected) return void requestAnimationFrame(first);
      const cell = this.root.closest("#rendered_cells > div > *");
      if (cell) cell.parentElement.prepend(cell);
    };
    first();
    new IntersectionObserver(([entry]) => this.pass(!entry.isIntersecting)).observe(this.bar);
    const release = () => { // the hand left the slider, wherever the pointer is by now; a control that has said so itself is at rest
      for (const control of this.controls.values()) control.release?.();
      if (this.railIsLate) { this.showRail(); this.showMore(); }
    };
    this.release = () => setTimeout(release);
    for (const name of ["pointerup", "pointercancel", "blur"]) addEventListener(name, this.release);
    document.getElementById("gw-waiting")?.remove();
  }

  // The verdict's one-line form takes room above the rail: the rail's rows stay where they are on the screen.
  pass(isPast) {
    const before = this.railNode.getBoundingClientRect().top;
    this.root.classList.toggle("gw-past", isPast);
    this.railNode.scrollTop += this.railNode.getBoundingClientRect().top - before;
  }

  showVerdict() {
    const verdict = this.model.get("verdict");
    this.said.replaceChildren(...sentence(verdict.sentence));
    this.strip.replaceChildren(...verdict.strip.map((part) => make("span", { style: `flex: ${part.count} 0 0; background: var(--gw-${part.look})` })));
    this.key.replaceChildren(...verdict.strip.map((part) => make("li", { style: `color: var(--gw-${part.look}-text)` }, make("i", { style: `background: var(--gw-${part.look})` }), make("strong", {}, String(part.count)), ` ${part.label}`)));
    this.runLine.textContent = verdict.run;
    this.changesLine.replaceChildren(...sentence(verdict.changes));
    this.short.replaceChildren(...sentence(verdict.short));
    this.bottomSaid.replaceChildren(...sentence(verdict.short));
    this.undo.disabled = !verdict.undo;
    this.redo.disabled = !verdict.redo;
    this.count = verdict.count;
    this.nameSheet();
    this.scenarios.follow(verdict);
    if (verdict.phase === "resting") this.live.textContent = this.said.textContent;
  }

  // The rail is made anew only while no control of it is held: a drag survives whatever arrives meanwhile.
  showRail() {
    if ([...this.controls.values()].some((control) => control.dragged !== undefined)) {
      this.railIsLate = true;
      return;
    }
    this.railIsLate = false;
    const rail = this.model.get("rail");
    this.controls.clear();
    const section = (title, help, ...children) => make("section.gw-section", {}, make("h2", {}, title), make("p.gw-help", {}, help), ...children);
    const open = (key, path) => { this.wanted = path; this.open(key); };
    const add = (control, made) => { this.controls.set(control.path, made); return made.node; };
    const groups = [["size", "Size", rail.home], ["stage", "Stage", "As in the profile"]].filter(([group]) => rail.presets.some((preset) => preset.group === group));
    this.presets = groups.map(([group, label, home]) => ({ label, key: `gw-preset-${group}`, node: make("select.gw-select", { id: `gw-preset-${group}`, onchange: () => this.send({ do: "preset", names: this.presets.map((each) => each.node.value).filter(Boolean) }) }, make("option", { value: "" }, home), ...rail.presets.filter((preset) => preset.group === group).map((preset) => make("option", { value: preset.name, title: preset.help }, preset.label))) }));
    const levers = make("div");
    const strategy = make("select.gw-select", { id: "gw-strategy", onchange: () => show(strategy.value) }, ...rail.strategies.map((each) => make("option", { value: each.name }, each.label)));
    const kept = {};
    const show = (name) => {
      const chosen = rail.strategies.find((each) => each.name === name);
      kept[name] ??= make("div", {}, make("p.gw-help", {}, chosen.help), ...chosen.levers.filter((lever) => lever.first).map((lever) => add(lever, controlOf(lever, this.context.send, open))),
        make("details.gw-more", {}, make("summary", {}, "More levers"), ...chosen.levers.filter((lever) => !lever.first).map((lever) => add(lever, controlOf(lever, this.context.send, open)))));
      levers.replaceChildren(kept[name]);
      this.showInputs();
    };
    this.more = make("div");
    const moreWord = make("button.gw-word", { type: "button", onclick: () => { moreWord.hidden = true; this.send({ do: "more" }); } }, `${rail.more} more beliefs`);
    const parts = [
      make("section.gw-section.gw-first", {}, ...this.presets.map((each) => make("div.gw-pick", {}, make("label", { for: each.key }, each.label), each.node)),
        make("button.gw-word.gw-reset-all", { type: "button", onclick: () => this.send({ do: "reset" }) }, "Reset everything")),
      section("Levers", "What you choose. Moves one strategy.", make("div.gw-pick", {}, make("label", { for: "gw-strategy" }, "Strategy"), strategy), levers),
      section("Beliefs", "What you think is true. Moves every strategy. Those that matter most come first.", ...rail.beliefs.map((belief) => add(belief, controlOf(belief, this.context.send, open))), this.more, rail.more ? moreWord : null),
      section("Workloads", "What is built or bought. Switched off, it is nowhere.", ...rail.workloads.map((each) => add(each, new SwitchControl(each, this.context.send)))),
    ];
    this.railNode.replaceChildren(...parts);
    strategy.value = rail.strategy;
    show(rail.strategy);
  }

  showMore() {
    if (this.railIsLate) return;
    const open = (key, path) => { this.wanted = path; this.open(key); };
    this.more.replaceChildren(...this.model.get("more").map((belief) => {
      const made = controlOf(belief, this.context.send, open);
      this.controls.set(belief.path, made);
      return made.node;
    }));
    this.showInputs();
    if (this.looking) this.find(this.looking);
  }

  showInputs() {
    const inputs = this.model.get("inputs");
    for (const [path, control] of this.controls) control.show(inputs.changed?.[path]);
    this.namePrinted();
    for (const { node } of this.presets || []) node.value = [...node.options].map((option) => option.value).find((value) => value && inputs.presets?.includes(value)) || "";
    this.railNode.classList.toggle("gw-changed", Boolean(Object.keys(inputs.changed || {}).length || inputs.presets?.length));
  }

  // Paper has no rail: what was changed stands under the verdict, with the day and the address that opens it again.
  namePrinted() {
    const inputs = this.model.get("inputs");
    const changes = Object.entries(inputs.changed || {}).filter(([, change]) => change.value !== undefined);
    const said = changes.map(([path, change]) => {
      const control = this.controls.get(path)?.control;
      const shown = Array.isArray(change.value) ? change.value.join(", ") : typeof change.value === "boolean" ? (change.value ? "on" : "off") : figure(change.value);
      return make("li", {}, `${control?.label || path}: ${shown} ${control?.unit || ""} (${change.was})`);
    });
    const address = new URL(location.href);
    const link = this.model.get("link");
    if (link) address.searchParams.set("s", link);
    this.printed.replaceChildren(make("p", {}, `${new Date().toISOString().slice(0, 10)} \u00b7 ${address.href}`), ...(said.length ? [make("p", {}, "Changed inputs"), make("ul", {}, ...said)] : []));
  }

  showPage() {
    const page = this.page = JSON.parse(new TextDecoder().decode(this.model.get("page").json));
    if (!page.key) return;
    let made = this.pages[page.key];
    if (!made) {
      const answer = make("h2.gw-answer");
      made = this.pages[page.key] = { answer, blocks: [], node: make("div.gw-page", { role: "tabpanel", id: `gw-page-${page.key}`, "aria-labelledby": `gw-tab-${page.key}`, tabindex: -1 }, answer) };
      this.pagesNode.appendChild(made.node);
    }
    for (const [key, each] of Object.entries(this.pages)) each.node.hidden = key !== page.key;
    for (const tab of this.tabs.children) {
      const chosen = tab.id === `gw-tab-${page.key}`;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    this.select.value = page.key;
    if (!alike(made.said, page.answer)) made.answer.replaceChildren(...sentence(page.answer));
    made.said = page.answer;
    page.blocks.forEach((block, place) => {
      const kept = made.blocks[place];
      if (!(kept instanceof BLOCKS[block.kind])) {  // long work may bring a block of another kind to this place
        const fresh = new BLOCKS[block.kind](this.context);
        if (kept) { kept.remove?.(); kept.node.replaceWith(fresh.node); } else made.node.appendChild(fresh.node);
        made.blocks[place] = fresh;
      }
      made.blocks[place].show(block, page.phase);
    });
    for (const surplus of made.blocks.splice(page.blocks.length)) { surplus.remove?.(); surplus.node.remove(); }
    if (this.wanted && page.key === "says-who") {
      const path = this.wanted;
      this.wanted = null;
      const list = made.blocks.find((block) => block instanceof Assumptions);
      list.count = 1000;
      list.filter = "all";
      list.draw();
      const row = list.node.querySelector(`[data-row="${CSS.escape(path)}"]`);
      row?.scrollIntoView({ block: "center" });
      row?.querySelector("button").focus();
    }
  }

  // The address names the page too, so a link opens it and Back leads to the page before.
  open(key) {
    if (document.body.dataset.voila && key !== this.pageInAddress()) history.pushState(null, "", `#${key}`);
    this.turnTo(key);
  }

  turnTo(key) {
    this.root.classList.remove("gw-sheet");
    this.nameSheet();
    this.send({ do: "open", key });
  }

  pageInAddress() {
    const { tabs } = this.model.get("about");
    return (tabs.find((tab) => location.hash === `#${tab.key}`) || tabs[0]).key;
  }

  followAddress() {
    const key = this.pageInAddress();
    if (key !== this.page.key) this.turnTo(key);
    this.showLink();
  }

  // Jump to the control of a belief; those further down are made first.
  find(path) {
    const control = this.controls.get(path);
    if (!control) {
      if (this.looking === path) { this.looking = null; return; }
      this.looking = path;
      this.send({ do: "more" });
      return;
    }
    this.looking = null;
    if (getComputedStyle(this.bottom).display !== "none" && !this.root.classList.contains("gw-sheet")) this.turnSheet();
    control.node.scrollIntoView({ block: "center" });
    (control.box || control.node.querySelector("input")).focus();
  }

  arrow(event) {
    const tabs = [...this.tabs.children];
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    tabs[(to + tabs.length) % tabs.length].focus();
  }

  // The place that waits for the work tells of it; where that is not in sight, a box in the corner does.
  showProgress() {
    const { progress } = this.context.moment();
    const places = [...this.pagesNode.querySelectorAll(".gw-wait")];
    for (const place of places) tellWaiting(place, this.context.moment());
    if (!progress.title || places.some((place) => place.dataset.work === progress.title && isSeen(place))) {
      clearTimeout(this.progressTimer);
      this.progressTimer = null;
      this.progress.hidden = true;
      return;
    }
    const draw = () => {
      const { progress } = this.context.moment();
      this.progressTimer = null;
      this.progress.hidden = !progress.title;
      this.progress.replaceChildren(make("div.gw-progress-head", {}, make("strong", {}, progress.title), make("button.gw-secondary", { type: "button", onclick: () => this.send({ do: "cancel" }) }, "Cancel")),
        make("progress", { max: 1, value: progress.share, "aria-label": progress.title }), make("p", {}, `${shareDone(progress)}. Pictures that wait for it are from the last run.`));
    };
    if (!this.progress.hidden) draw();
    else this.progressTimer ??= setTimeout(draw, 400);
  }

  showMessage() {
    const [what, then] = this.model.get("message");
    this.message.hidden = !what;
    this.message.replaceChildren(...(what ? [make("strong", {}, what), ` ${then}`] : []));
  }

  // The address carries the scenario, so a reload restores it whatever happened to the model.
  showLink() {
    const link = this.model.get("link");
    this.namePrinted();
    if (!document.body.dataset.voila || this.heard < this.number) return;
    const address = new URL(location.href);
    if (link) address.searchParams.set("s", link);
    else address.searchParams.delete("s");
    if (address.href !== location.href) history.replaceState(null, "", address);
  }

  async copyLink() {
    const address = new URL(location.href);
    const link = this.model.get("link");
    if (link) address.searchParams.set("s", link);
    try {
      await navigator.clipboard.writeText(address.href);
      this.share.textContent = "Link copied";
    } catch {
      prompt("The link to this scenario", address.href);
    }
    setTimeout(() => { this.share.textContent = "Share"; }, 2500);
  }

  showComparison() { this.scenarios.show(this.model.get("comparison")); }

  showGraded() { this.gradedLine.replaceChildren(...sentence(this.model.get("graded"))); }

  turnWords(wanted) {
    const open = this.top.classList.toggle("gw-open", wanted);
    this.moreWords.setAttribute("aria-expanded", String(open));
  }

  turnSheet() {
    this.root.classList.toggle("gw-sheet");
    this.nameSheet();
  }

  nameSheet() {
    const open = this.root.classList.contains("gw-sheet");
    this.sheet.textContent = open ? "Show results" : this.count ? `Change inputs \u00b7 ${this.count}` : "Change inputs";
    document.body.classList.toggle("gw-still", open);
  }

  // The kernel is gone: say so once, before anything else is shown.
  watch() {
    let isDead = false;
    const lost = () => { this.banner.hidden = false; };
    const died = () => { isDead = true; lost(); };
    const kernel = this.model.widget_manager?.kernel;
    kernel?.statusChanged?.connect((_, status) => { if (["dead", "restarting", "autorestarting", "terminating"].includes(status)) died(); });
    this.clock = setInterval(() => { // a network that was away and came back brings the answers after all
      if (this.heard < this.number && Date.now() - this.sentAt > 20_000) lost();
      else if (this.heard === this.number && !isDead) this.banner.hidden = true;
    }, 2_000);
  }

  remove() {
    clearInterval(this.clock);
    for (const name of ["pointerup", "pointercancel", "blur"]) removeEventListener(name, this.release);
    removeEventListener("popstate", this.turned);
    for (const page of Object.values(this.pages)) page.blocks.forEach((block) => block.remove?.());
  }
}

export default {
  render({ model, el }) {
    const shell = new Shell(model, el);
    return () => shell.remove();
  },
};
