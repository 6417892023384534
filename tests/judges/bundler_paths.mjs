// A hook for Node: packages that were written for bundlers name folders and files without their endings

const ENDINGS = ["", ".js", "/index.js"];

export async function resolve(specifier, context, next) {
  for (const ending of ENDINGS) {
    try {
      return await next(specifier + ending, context);
    } catch (error) {
      if (!specifier.startsWith(".") || ending === ENDINGS.at(-1)) throw error;
    }
  }
}
