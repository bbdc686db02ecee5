// Two shorthands for the document.

export const $ = (id) => document.getElementById(id);
export const el = (tag, props = {}, ...inside) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...inside);
  return node;
};
