/* What looks like a name in a lesson that a group wants to keep: the same rules as sessions/names.py, which decides.
   tests/sessions/names.json holds both to the same answers. */
"use strict";

const namesIn = (() => {
  const MAIL = /[^\s@]+@[^\s@]+\.[^\s@]+/g;
  const PHONE = /\+?[0-9][0-9\s().-]{6,}[0-9]/g;
  const CLASS = /(?<![\p{L}\p{N}_-])(?:[0-9]{1,2}[A-Za-z]{1,3}[0-9]?|[A-Za-z]{1,5}-?[0-9]{1,2}[A-Za-z]?)(?![\p{L}\p{N}_-])/gu;
  const NO_CLASS = new Set("e de ste x u m km h min kg".split(" "));
  const LEVELS = new Set("A1 A2 B1 B2 C1 C2".split(" "));
  const WORD = /\p{L}+(?:['’-]\p{L}+)*/gu;
  const BEGINS = /(?:^|[.!?…\n])[\s"'“”‘’„«»()[\]–—-]*$/;
  const SHORTENED = /(?<![\p{L}\p{N}_])(?:dhr|mevr|mw|dr|drs|ir|ing|mr|prof|bijv|bv)\.\s*$/iu;
  const ALLOWED = new Set(("AI AVG BBL BOL BPV Den Engels Engelse ELBHO Gelijkop HBO Haag Haagse HR I Intervisie MBO MKB Nederland Nederlands " +
    "Nederlandse OK PSA ROC SBB SLB TV UWV VMBO WO").split(" "));
  const PARTICLES = new Set("aan bij den der het ten ter uit van von".split(" "));
  const SHORTEST = 3;

  const blank = (text, from, length) => text.slice(0, from) + " ".repeat(length) + text.slice(from + length);
  const folded = (text) => Array.from(text.normalize("NFC"), (letter) => {
    const small = letter.toLowerCase();
    return small.length === letter.length ? small : letter;
  }).join("");
  const isClass = (word) => !LEVELS.has(word.toUpperCase()) && !NO_CLASS.has(word.replace(/^[0-9]+/, ""));
  const tells = (part) => [...part].length >= SHORTEST && !PARTICLES.has(part);
  const isKnown = (word, known) => [word, word.replace(/s$/, ""), word.replace(/['’]s?$/, "")].some((form) => known.has(form));
  const isCapital = (word, begins) => word.split("-").some((part, number) =>
    /^\p{Uppercase}/u.test(part) && !ALLOWED.has(part) && !(number === 0 && begins));

  /* What looks like a name, as it stands in the text, in its order and each once. */
  return (written, people = [], organisations = []) => {
    const text = written.normalize("NFC");
    const found = [];
    let rest = text;
    for (const pattern of [MAIL, PHONE, CLASS]) {
      for (const { 0: word, index } of rest.matchAll(pattern)) {
        if (pattern !== CLASS || isClass(word)) found.push([index, word]);
        rest = blank(rest, index, word.length);
      }
    }
    for (const name of organisations) {
      const literal = folded(name).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      for (const { 0: word, index } of folded(rest).matchAll(new RegExp(`(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])`, "gu"))) {
        found.push([index, text.slice(index, index + word.length)]);
        rest = blank(rest, index, word.length);
      }
    }
    const known = new Set(people.flatMap((name) => folded(name).match(WORD) ?? []).filter(tells));
    for (const { 0: word, index } of rest.matchAll(WORD)) {
      const before = text.slice(0, index);
      const begins = BEGINS.test(before) && !SHORTENED.test(before);
      if (isKnown(folded(word), known) || isCapital(word, begins)) found.push([index, word]);
    }
    found.sort(([one, a], [other, b]) => one - other || (a < b ? -1 : 1));
    return [...new Set(found.map(([, word]) => word))];
  };
})();
