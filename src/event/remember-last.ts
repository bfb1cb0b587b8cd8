/** Gives what does the same as a pure function of a text, and knows the last text: the packets of an attack go to one host. */
export function rememberLast<Result>(of: (text: string) => Result): (text: string) => Result {
  let last = '';
  let result = of(last);
  return (text) => {
    if (text !== last) {
      result = of(text);
      last = text;
    }
    return result;
  };
}
