import ts from "typescript";

/**
 * The declarations of a file that need a doc comment and have none: every
 * export, and every member of an exported interface. A `kind` whose type is one
 * literal needs none: it is the tag of a union and its type says everything. Nor
 * does a member that is named after its type, `clock: Clock`: the type's comment speaks.
 * Of an overloaded function one signature speaks for all.
 */
export function documentationGaps(file: ts.SourceFile): readonly ts.Node[] {
  const exported = file.statements.filter((statement) => isExported(file, statement));
  const documentedNames = new Set(exported.filter(isDocumented).flatMap(namesOf));
  const bare = exported.filter((statement) => !namesOf(statement).every((name) => documentedNames.has(name)));
  const members = exported.filter(ts.isInterfaceDeclaration).flatMap((declaration) => [...declaration.members]);
  return [...bare, ...members.filter((member) => !isDocumented(member) && !isTag(member) && !isNamedAfterType(member))];
}

/** Exported where it stands, or by an `export { name }` of the same file. */
function isExported(file: ts.SourceFile, statement: ts.Statement): boolean {
  if (ts.isImportDeclaration(statement)) return false;
  if (ts.canHaveModifiers(statement)) {
    const modifiers = ts.getModifiers(statement) ?? [];
    if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return true;
  }
  const listed = exportListOf(file);
  return namesOf(statement).some((name) => listed.has(name));
}

function exportListOf(file: ts.SourceFile): ReadonlySet<string> {
  const lists = file.statements.filter(ts.isExportDeclaration).filter((list) => list.moduleSpecifier === undefined);
  return new Set(
    lists.flatMap(({ exportClause }) =>
      exportClause !== undefined && ts.isNamedExports(exportClause)
        ? exportClause.elements.map((element) => (element.propertyName ?? element.name).text)
        : [],
    ),
  );
}

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function isDocumented(node: ts.Node): boolean {
  return ts
    .getJSDocCommentsAndTags(node)
    .some((comment) => ts.isJSDoc(comment) && comment.getText().length > "/** */".length);
}

function isNamedAfterType(member: ts.TypeElement): boolean {
  if (!ts.isPropertySignature(member) || member.type === undefined) return false;
  return member.type.getText().toLowerCase().includes(member.name.getText().toLowerCase());
}

function isTag(member: ts.TypeElement): boolean {
  return (
    ts.isPropertySignature(member) &&
    member.name.getText() === "kind" &&
    member.type !== undefined &&
    ts.isLiteralTypeNode(member.type)
  );
}
