/* The story block in the editors' form: its drawing follows what is written, and signs are offered and kept in step. */
"use strict";

(() => {
  const { StructBlockDefinition } = window.wagtailStreamField.blocks;
  const REST = 350; // milliseconds without typing before the drawing follows

  const rows = (list) => list.children.map((child) => child.block.childBlocks);
  const written = (field) => String(field.getValue() ?? "").trim();
  const inputOf = (field) => field.element.querySelector("input");

  class StoryDrawing {
    constructor(block, prefix, words) {
      this.nodes = block.childBlocks.nodes;
      this.words = words;
      this.signs = new Map(); // of the steps that were seen, by their block
      this.build(prefix);
      const form = this.nodes.container[0];
      for (const name of ["input", "change", "keyup", "click"]) form.addEventListener(name, () => this.later());
      form.addEventListener("change", (event) => this.follow(event.target));
      new MutationObserver(() => { this.sign(); this.later(); }).observe(form, { childList: true, subtree: true });
      for (const node of rows(this.nodes)) if (written(node.key)) this.signs.set(node, written(node.key));
      this.sign();
      this.draw();
    }

    build(prefix) {
      this.panel = document.createElement("section");
      this.panel.className = "story-drawing";
      const heading = document.createElement("h3");
      heading.textContent = this.words.heading;
      heading.className = "w-field__label";
      this.status = document.createElement("p");
      this.status.className = "story-drawing__status";
      this.status.setAttribute("role", "status");
      this.place = document.createElement("div");
      this.offered = document.createElement("datalist");
      this.offered.id = `${prefix}-signs`;
      this.panel.append(heading, this.status, this.place, this.offered);
      this.panel.addEventListener("click", (event) => {
        const chosen = event.target.closest("[data-step]");
        if (chosen) this.go(chosen.dataset);
      });
      this.nodes.container[0].closest('[data-contentpath="nodes"]').before(this.panel);
    }

    state() {
      return {
        nodes: rows(this.nodes).map((node) => ({
          key: written(node.key),
          speaker: written(node.speaker),
          words: node.html.getTextLabel({ maxLength: 120 }) || "",
          prompt: written(node.prompt),
          choices: rows(node.choices).map((choice) => ({
            key: written(choice.key),
            text: written(choice.text),
            to: written(choice.to),
          })),
        })),
      };
    }

    /* A step that was added or copied gets a sign of its own: the first that a choice waits for, or the first free number. */
    sign() {
      const nodes = rows(this.nodes);
      for (const node of nodes) {
        if (this.signs.has(node)) continue;
        const others = nodes.filter((other) => other !== node).map((other) => written(other.key));
        const own = written(node.key);
        if (!own || others.includes(own)) {
          node.key.widget.setState(this.freeSign(nodes, others));
          if (document.activeElement === inputOf(node.key)) inputOf(node.key).select();
        }
        this.signs.set(node, written(node.key));
      }
    }

    freeSign(nodes, taken) {
      const awaited = nodes.length > 1 && nodes.flatMap((node) => rows(node.choices).map((choice) => written(choice.to)));
      const sign = awaited && awaited.find((to) => to && !taken.includes(to));
      if (sign) return sign;
      let number = 1;
      while (taken.includes(String(number))) number += 1;
      return String(number);
    }

    /* A step that gets another sign keeps the choices that lead to it. */
    follow(input) {
      const nodes = rows(this.nodes);
      const node = nodes.find((one) => inputOf(one.key) === input);
      if (!node) return;
      const [before, now] = [this.signs.get(node), written(node.key)];
      this.signs.set(node, now);
      if (!before || !now || nodes.some((one) => written(one.key) === before)) return;
      for (const choice of nodes.flatMap((one) => rows(one.choices))) {
        if (written(choice.to) === before) choice.to.widget.setState(now);
      }
    }

    later() {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.draw(), REST);
    }

    async draw() {
      const state = this.state();
      const body = JSON.stringify(state);
      if (body === this.sent) return;
      this.sent = body;
      this.offer(state);
      this.asking?.abort();
      this.asking = new AbortController();
      try {
        const { CSRF_HEADER_NAME, CSRF_TOKEN } = window.wagtailConfig;
        const answer = await fetch(this.words.url, {
          method: "POST",
          body,
          headers: { "Content-Type": "application/json", [CSRF_HEADER_NAME]: CSRF_TOKEN },
          signal: this.asking.signal,
        });
        if (!answer.ok) throw new Error(answer.status);
        this.show(await answer.text());
      } catch (error) {
        if (error.name === "AbortError") return;
        this.sent = null;
        this.status.textContent = this.words.failed;
      }
    }

    /* The fragment is made by our own server, which escapes what editors write. */
    show(fragment) {
      const open = this.place.querySelector("details")?.open;
      const canvas = this.place.querySelector(".story-drawing__canvas");
      const [left, top] = [canvas?.scrollLeft ?? 0, canvas?.scrollTop ?? 0];
      this.place.innerHTML = fragment;
      const list = this.place.querySelector("details");
      const shown = this.place.querySelector(".story-drawing__canvas");
      if (list) list.open = open ?? !shown?.offsetParent; // where there is no room for the drawing, the list stands open
      shown?.scrollTo(left, top);
      const finding = this.place.querySelector("[data-story-finding]");
      const said = finding.textContent.replace(/\s+/g, " ").trim();
      finding.remove();
      if (this.status.textContent !== said) this.status.textContent = said;
    }

    offer(state) {
      this.offered.replaceChildren(
        ...state.nodes.filter(({ key }) => key).map(({ key, speaker, words }) => {
          const option = document.createElement("option");
          option.value = key;
          option.label = [speaker, words].filter(Boolean).join(": ") || key;
          return option;
        }),
      );
      for (const choice of rows(this.nodes).flatMap((node) => rows(node.choices))) {
        inputOf(choice.to).setAttribute("list", this.offered.id);
      }
    }

    /* To the form of a step or of one of its choices; what is folded above it opens. */
    go({ step, choice }) {
      const node = this.nodes.children[Number(step)];
      const place = choice === undefined ? node : node.block.childBlocks.choices.children[Number(choice)];
      const field = choice === undefined ? place.block.childBlocks.key : place.block.childBlocks.text;
      field.element.dispatchEvent(new Event("beforematch", { bubbles: true }));
      const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      place.element.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
      field.element.querySelector("input, textarea").focus({ preventScroll: true });
    }
  }

  class StoryDefinition extends StructBlockDefinition {
    render(placeholder, prefix, initialState, initialError) {
      const block = super.render(placeholder, prefix, initialState, initialError);
      new StoryDrawing(block, prefix, this.meta.drawing);
      return block;
    }
  }

  window.telepath.register("courses.blocks.ScenarioBlock", StoryDefinition);
})();
