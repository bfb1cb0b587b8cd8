/** Stands for an editor that no panel shows. */
export const languages = {};
export const editor = {};
