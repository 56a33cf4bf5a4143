// What a picture shows until its work has come: what is being done, how far it is, and a way to stop it or to begin it again.

function waitingPlace(card, context) {
  const word = make("button.gw-secondary", { type: "button", onclick: () => context.send({ do: word.dataset.do }) });
  const node = make("div.gw-wait", { "data-work": card.work }, make("p.gw-wait-what", {}, card.empty),
    make("progress", { max: 1, value: 0, "aria-label": card.work }), make("div.gw-wait-foot", {}, make("span.gw-wait-said"), word));
  tellWaiting(node, context.moment());
  return node;
}

// `progress` is empty between two pieces of work; a page that is settled will not go on by itself.
function tellWaiting(node, { progress, settled }) {
  const own = progress.title === node.dataset.work;
  const bar = node.querySelector("progress"), said = node.querySelector(".gw-wait-said"), word = node.querySelector("button");
  const stopped = settled && !progress.title;
  bar.style.visibility = stopped ? "hidden" : "visible";
  bar.value = own ? progress.share : 0;
  said.textContent = own ? shareDone(progress) : stopped ? "Stopped." : progress.title ? `After this: ${lowered(progress.title)}, ${shareDone(progress)}` : "Beginning";
  word.textContent = stopped ? "Work it out" : "Cancel";
  word.dataset.do = stopped ? "resume" : "cancel";
}

function shareDone({ share, left_s }) {
  return `${Math.round(100 * share)} %${left_s ? `, about ${Math.max(1, Math.round(left_s))} s left` : ""}`;
}

function lowered(title) { return title[0].toLowerCase() + title.slice(1); }

// Whether a reader has the place of this work before them: then nothing else needs to tell of it.
function isSeen(node) {
  const { top, bottom, width } = node.getBoundingClientRect();
  return width > 0 && top < innerHeight - 40 && bottom > 40;
}
