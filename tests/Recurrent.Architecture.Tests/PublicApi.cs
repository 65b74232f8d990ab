using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Recurrent.Architecture.Tests;

/// <summary>What users of a project can name and call, one line each, sorted: a type, and below it its members.</summary>
internal static class PublicApi
{
    private static readonly SymbolDisplayFormat TypeFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat MemberFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameOnly,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        memberOptions: SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeParameters
            | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue
            | SymbolDisplayMemberOptions.IncludeModifiers,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut
            | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    // A setter that users do not see.
    private static readonly Regex Setters =
        new("(private protected|private|internal) (set|init); ", RegexOptions.CultureInvariant);

    private static readonly SymbolDisplayFormat NameFormat = TypeFormat.WithKindOptions(SymbolDisplayKindOptions.None);

    /// <summary>The lines of a project.</summary>
    internal static IEnumerable<string> Lines(SourceProject project) => Types(project.Compilation.Assembly.GlobalNamespace)
        .OrderBy(type => type.ToDisplayString(NameFormat), StringComparer.Ordinal)
        .SelectMany(Lines);

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol around) =>
        around.GetMembers().SelectMany(member => member switch
        {
            INamespaceSymbol inner => Types(inner),
            INamedTypeSymbol type when IsVisible(type) => Types(type).Prepend(type),
            _ => [],
        });

    private static IEnumerable<string> Lines(INamedTypeSymbol type)
    {
        string kind = type switch
        {
            { TypeKind: TypeKind.Class, IsStatic: true } => "static ",
            { TypeKind: TypeKind.Class, IsAbstract: true } => "abstract ",
            { TypeKind: TypeKind.Class, IsSealed: true } => "sealed ",
            _ => string.Empty,
        };
        IEnumerable<INamedTypeSymbol> above = type.BaseType is { SpecialType: SpecialType.None } parent
            ? type.Interfaces.Insert(0, parent)
            : type.Interfaces;
        string bases = string.Join(", ", above.Where(IsVisible).Select(one => one.ToDisplayString(MemberFormat)));
        yield return kind + type.ToDisplayString(TypeFormat) + (bases.Length > 0 ? " : " + bases : bases);
        if (type.TypeKind == TypeKind.Delegate)
        {
            yield break;
        }

        foreach (ISymbol member in type.GetMembers().Where(IsOwn)
            .OrderBy(member => member.Name, StringComparer.Ordinal).ThenBy(Line, StringComparer.Ordinal))
        {
            yield return "    " + Line(member);
        }
    }

    // A type that users see is as visible as the types around it.
    private static bool IsVisible(ISymbol? symbol) => symbol is null or INamespaceSymbol
        || (symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
            && IsVisible(symbol.ContainingType));

    // What overrides is callable already; what a record makes of itself follows from its line.
    private static bool IsOwn(ISymbol member) => IsVisible(member)
        && member is not INamedTypeSymbol
        && !member.IsOverride
        && member is not IMethodSymbol { AssociatedSymbol: not null }
        && (!member.IsImplicitlyDeclared || member is IMethodSymbol
        {
            MethodKind: MethodKind.Constructor, Parameters.Length: 0, ContainingType.TypeKind: TypeKind.Class,
        });

    private static string Line(ISymbol member) =>
        (member.DeclaredAccessibility == Accessibility.Public ? string.Empty : "protected ")
        + Setters.Replace(member.ToDisplayString(MemberFormat), string.Empty);
}
