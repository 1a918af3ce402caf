import ts from "typescript";
import { readText } from "./repository.ts";

/** A constant as far as its text says it: numbers, texts and objects of them. What it takes from elsewhere is `undefined`. */
export type ConstantValue = number | string | undefined | { readonly [key: string]: ConstantValue };

/**
 * Reads a constant of a program without importing the program, which pages must not do: products of numbers and of
 * constants of the same file are worked out.
 */
export function readConstant(path: string, name: string): ConstantValue {
  const source = ts.createSourceFile(path, readText(path), ts.ScriptTarget.Latest);
  const [constant, ...keys] = name.split(".");
  let value = valueOf(initialiserOf(source, constant), source);
  for (const key of keys) value = typeof value === "object" ? value[key] : undefined;
  return value;
}

function initialiserOf(source: ts.SourceFile, name: string | undefined): ts.Expression | undefined {
  return source.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap(({ declarationList }) => declarationList.declarations)
    .find((declaration) => declaration.name.getText(source) === name)?.initializer;
}

function valueOf(node: ts.Expression | undefined, source: ts.SourceFile): ConstantValue {
  if (node === undefined) return undefined;
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return valueOf(node.expression, source);
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isStringLiteral(node)) return node.text;
  if (ts.isIdentifier(node)) return valueOf(initialiserOf(source, node.text), source);
  if (ts.isBinaryExpression(node)) return productOf(node, source);
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const entries = node.properties
    .filter((property) => ts.isPropertyAssignment(property))
    .map(({ name, initializer }) => [name.getText(source), valueOf(initializer, source)] as const);
  return Object.fromEntries(entries);
}

function productOf({ left, operatorToken, right }: ts.BinaryExpression, source: ts.SourceFile): ConstantValue {
  const [first, second] = [valueOf(left, source), valueOf(right, source)];
  const isProduct = operatorToken.kind === ts.SyntaxKind.AsteriskToken;
  return isProduct && typeof first === "number" && typeof second === "number" ? first * second : undefined;
}
