using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Recurrent.Architecture.Tests;

/// <summary>What the library does without: pointers outside Numerics, static state, and numbers formatted by the machine's
/// culture.</summary>
internal static class LanguageCheck
{
    private static readonly HashSet<string> CultureDependent = ["Single", "Double", "Half", "Decimal", "DateTime",
        "DateTimeOffset", "DateOnly", "TimeOnly"];

    // The one class that may hold threads for the whole process.
    private const string ThreadOwner = "WorkerPool";

    internal static IEnumerable<Violation> Violations(SourceProject project) =>
        from tree in project.Files
        let model = project.Compilation.GetSemanticModel(tree)
        let root = tree.GetRoot()
        from violation in Pointers(tree, root, model).Concat(StaticState(tree, root)).Concat(Cultures(root, model))
        select violation;

    private static IEnumerable<Violation> Pointers(SyntaxTree tree, SyntaxNode root, SemanticModel model)
    {
        string room = Room.Of(tree.FilePath);
        if (Rooms.Find(room)?.Pointers is true)
        {
            return [];
        }

        string message = $"{room} must not use pointers: call the kernels of Core/Numerics";
        return
        [
            .. from token in root.DescendantTokens()
               where token.IsKind(SyntaxKind.UnsafeKeyword) || token.IsKind(SyntaxKind.FixedKeyword)
               select Violation.At(token, message),
            .. from name in root.DescendantNodes().OfType<IdentifierNameSyntax>()
               where name.Identifier.ValueText == "Unsafe"
               where model.GetSymbolInfo(name).Symbol?.ToDisplayString() == "System.Runtime.CompilerServices.Unsafe"
               select Violation.At(name, message),
        ];
    }

    private static IEnumerable<Violation> StaticState(SyntaxTree tree, SyntaxNode root)
    {
        const string Message = "static state is shared by all models and threads: make it readonly, or a field of an object";
        bool kernels = Rooms.Find(Room.Of(tree.FilePath))?.Pointers is true;
        return from member in root.DescendantNodes().OfType<MemberDeclarationSyntax>()
               where member.Modifiers.Any(SyntaxKind.StaticKeyword)
               where !(kernels && BelongsToThreads(member))
               where member switch
               {
                   EventFieldDeclarationSyntax => true,
                   FieldDeclarationSyntax => !member.Modifiers.Any(SyntaxKind.ReadOnlyKeyword),
                   PropertyDeclarationSyntax { AccessorList: AccessorListSyntax list } =>
                       list.Accessors.Any(a => a.IsKind(SyntaxKind.SetAccessorDeclaration) && a.Body is null
                           && a.ExpressionBody is null),
                   _ => false,
               }
               select Violation.At(member, Message);
    }

    // No result depends on either: the scratch that a thread keeps for the next kernel, and the threads themselves.
    private static bool BelongsToThreads(MemberDeclarationSyntax member) =>
        member.AttributeLists.SelectMany(list => list.Attributes)
            .Any(attribute => attribute.Name.ToString() is "ThreadStatic" or "System.ThreadStatic")
        || member.Parent is ClassDeclarationSyntax { Identifier.ValueText: ThreadOwner };

    private static IEnumerable<Violation> Cultures(SyntaxNode root, SemanticModel model)
    {
        const string Message = "is formatted by the machine's culture: wrap the text in FormattableString.Invariant(…)";
        foreach (SyntaxNode node in root.DescendantNodes())
        {
            IEnumerable<ExpressionSyntax> numbers = node switch
            {
                InterpolatedStringExpressionSyntax text when model.GetTypeInfo(Whole(text)).ConvertedType is
                {
                    SpecialType: SpecialType.System_String or SpecialType.System_Object
                } =>
                    text.Contents.OfType<InterpolationSyntax>().Select(hole => hole.Expression),
                BinaryExpressionSyntax sum when sum.IsKind(SyntaxKind.AddExpression)
                    && model.GetTypeInfo(sum).Type is { SpecialType: SpecialType.System_String } => [sum.Left, sum.Right],
                _ => [],
            };
            foreach (ExpressionSyntax number in numbers.Where(n => DependsOnCulture(model.GetTypeInfo(n).Type)))
            {
                yield return Violation.At(number, $"{number} {Message}");
            }
        }
    }

    // Pieces of a text that are added up go to the handler, and its culture, that the sum goes to.
    private static ExpressionSyntax Whole(ExpressionSyntax text) =>
        text.Parent is BinaryExpressionSyntax sum && sum.IsKind(SyntaxKind.AddExpression) ? Whole(sum) : text;

    private static bool DependsOnCulture(ITypeSymbol? type)
    {
        ITypeSymbol? plain = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : type;
        return plain is { ContainingNamespace.Name: "System" } && CultureDependent.Contains(plain.MetadataName);
    }
}
