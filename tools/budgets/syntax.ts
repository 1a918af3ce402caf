import ts from "typescript";

import { documentationGaps } from "./documentation.ts";

/** A place in a file that a rule is about. */
export interface Spot {
  /** Counted from 1. */
  readonly line: number;
  /** What stands there, in a few words. */
  readonly text: string;
}

/** One function, method, accessor or constructor with a body, or a method of an interface. */
export interface FunctionFigures extends Spot {
  /** From the first line of the declaration to the last; 0 where there is no body. */
  readonly lines: number;
  /** Without a `this` parameter. */
  readonly parameters: number;
}

/** What one file holds, counted from its syntax tree. */
export interface SourceFigures {
  /** Lines of the file. */
  readonly lines: number;
  /** In the order of the file. */
  readonly functions: readonly FunctionFigures[];
  /** Uses of the type `any`. */
  readonly anys: readonly Spot[];
  /** `x!`, and fields declared with `!`. */
  readonly nonNulls: readonly Spot[];
  /** `x as T` and `<T>x`, without `as const`. */
  readonly assertions: readonly Spot[];
  /** `x as unknown as T`. */
  readonly doubleAssertions: readonly Spot[];
  /** Comments that silence the compiler. */
  readonly silencers: readonly Spot[];
  /** Exports, and members of exported interfaces, without a doc comment. */
  readonly undocumented: readonly Spot[];
  /** Reads of the time and starts of timers. */
  readonly times: readonly Spot[];
  /** Imports of `node:` modules. */
  readonly nodeImports: readonly Spot[];
  /** Uses of the global `process`. */
  readonly processes: readonly Spot[];
}

const TIMERS: ReadonlySet<string> = new Set(["setTimeout", "setInterval", "setImmediate"]);
const CLOCK_READS: ReadonlySet<string> = new Set(["Date.now", "performance.now"]);
const SILENCER = /^[ \t]*(?:\/\/|\/\*+|\*|.*\S[ \t]+\/\/)[ \t]*@ts-(?:ignore|nocheck|expect-error)\b/;

/** Parses a file and counts. The text need not compile; it need only parse. */
export function measureSource(path: string, text: string): SourceFigures {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const nodes = descendants(file);
  const find = (test: (node: ts.Node) => boolean): Spot[] => nodes.filter(test).map((node) => spotOf(file, node));
  return {
    lines: countLines(text),
    functions: nodes.flatMap((node) => functionFigures(file, node)),
    anys: find((node) => node.kind === ts.SyntaxKind.AnyKeyword),
    nonNulls: find(isNonNull),
    assertions: find(isAssertion),
    doubleAssertions: find((node) => isAssertion(node) && isUnknownAssertion(node.expression)),
    silencers: text
      .split("\n")
      .flatMap((line, index) => (SILENCER.test(line) ? [{ line: index + 1, text: line.trim() }] : [])),
    undocumented: documentationGaps(file).map((node) => spotOf(file, node)),
    times: find(usesTime),
    nodeImports: find(isNodeImport),
    processes: find(isGlobalProcess),
  };
}

function countLines(text: string): number {
  return text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

function descendants(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (child: ts.Node): void => {
    found.push(child);
    ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return found;
}

function spotOf(file: ts.SourceFile, node: ts.Node): Spot {
  const text = node.getText(file).split("\n", 1).join("");
  return { line: lineOf(file, node.getStart(file)), text: text.length > 80 ? `${text.slice(0, 79)}…` : text };
}

function lineOf(file: ts.SourceFile, position: number): number {
  return file.getLineAndCharacterOfPosition(position).line + 1;
}

function functionFigures(file: ts.SourceFile, node: ts.Node): FunctionFigures[] {
  if (ts.isMethodSignature(node)) return [{ ...spotOf(file, node), lines: 0, parameters: countParameters(node) }];
  if (!ts.isFunctionLike(node) || !("body" in node) || node.body === undefined) return [];
  const spot = spotOf(file, node);
  return [{ ...spot, lines: lineOf(file, node.getEnd()) - spot.line + 1, parameters: countParameters(node) }];
}

function countParameters(node: ts.SignatureDeclaration): number {
  return node.parameters.filter(({ name }) => !ts.isIdentifier(name) || name.text !== "this").length;
}

function isNonNull(node: ts.Node): boolean {
  if (ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) return node.exclamationToken !== undefined;
  return ts.isNonNullExpression(node);
}

function isAssertion(node: ts.Node): node is ts.AsExpression | ts.TypeAssertion {
  return (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) && !ts.isConstTypeReference(node.type);
}

function isUnknownAssertion(node: ts.Node): boolean {
  if (ts.isParenthesizedExpression(node)) return isUnknownAssertion(node.expression);
  return isAssertion(node) && node.type.kind === ts.SyntaxKind.UnknownKeyword;
}

// A name of a member or a property (`clock.setTimeout`, `{ process: … }`) is not
// the global of that name, and neither is a parameter or variable of that name.
function isGlobal(node: ts.Node): node is ts.Identifier {
  if (!ts.isIdentifier(node)) return false;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return isGlobalObject(parent.expression);
  if ("name" in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent)) return false;
  return !isDeclaredAround(node, node.text);
}

function isDeclaredAround(node: ts.Node, name: string): boolean {
  for (let scope = node.parent; scope !== undefined; scope = scope.parent) {
    if (declarationsIn(scope).some((declaration) => declaration.name.getText() === name)) return true;
  }
  return false;
}

/** The parameters of a function, or the variables of a block; patterns and imports are left out, as nobody needs them. */
function declarationsIn(scope: ts.Node): readonly (ts.ParameterDeclaration | ts.VariableDeclaration)[] {
  if (ts.isFunctionLike(scope)) return scope.parameters;
  if (!ts.isBlock(scope) && !ts.isSourceFile(scope)) return [];
  return scope.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) => declarationList.declarations);
}

function isGlobalObject(node: ts.Node): boolean {
  return ts.isIdentifier(node) && ["globalThis", "window", "self"].includes(node.text);
}

function isGlobalProcess(node: ts.Node): boolean {
  return isGlobal(node) && node.text === "process";
}

function usesTime(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText() === "Date" && (node.arguments?.length ?? 0) === 0;
  if (ts.isPropertyAccessExpression(node))
    return CLOCK_READS.has(node.getText().replace(/^(globalThis|window|self)\./, ""));
  return isGlobal(node) && TIMERS.has(node.text) && !ts.isTypeQueryNode(node.parent);
}

function isNodeImport(node: ts.Node): boolean {
  if (!ts.isStringLiteral(node) || !node.text.startsWith("node:")) return false;
  const { parent } = node;
  return (
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    ts.isCallExpression(parent) ||
    ts.isLiteralTypeNode(parent)
  );
}
