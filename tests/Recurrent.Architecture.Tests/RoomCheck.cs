using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Recurrent.Architecture.Tests;

/// <summary>Holds every name in the sources against the table of rooms.</summary>
internal static class RoomCheck
{
    internal static IEnumerable<Violation> Violations(SourceProject project) =>
        project.Files.SelectMany(tree => Violations(project, tree));

    private static IEnumerable<Violation> Violations(SourceProject project, SyntaxTree tree)
    {
        string here = Room.Of(tree.FilePath);
        if (Rooms.Find(here) is not Room room)
        {
            return [new(tree.FilePath, 1, $"the room {here} is not in the table of rooms")];
        }

        SemanticModel model = project.Compilation.GetSemanticModel(tree);
        return
            from node in tree.GetRoot().DescendantNodes()
            where node is SimpleNameSyntax or BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax
            let type = TypeBehind(model.GetSymbolInfo(node).Symbol)
            where type is not null
            let problem = Problem(room, type)
            where problem is not null
            select Violation.At(node, problem);
    }

    /// <summary>The outermost type that a name leads to: the type itself, or the one that declares the member.</summary>
    private static INamedTypeSymbol? TypeBehind(ISymbol? symbol)
    {
        INamedTypeSymbol? type = symbol switch
        {
            INamedTypeSymbol named => named,
            IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => symbol.ContainingType,
            _ => null,
        };
        while (type?.ContainingType is INamedTypeSymbol outer)
        {
            type = outer;
        }

        return type?.OriginalDefinition;
    }

    private static string? Problem(Room room, INamedTypeSymbol type)
    {
        string[] homes = [.. from location in type.Locations
            where location.IsInSource select Room.Of(location.SourceTree!.FilePath)];
        if (homes.Length > 0)
        {
            return homes.Any(home => home == room.Name || room.Uses.Contains(home))
                ? null
                : $"{room.Name} must not use {homes[0]} ({type.Name})";
        }

        string? assembly = type.ContainingAssembly?.Name;
        return assembly is not null && Rooms.Guarded.Contains(assembly) && !room.Packages.Contains(assembly)
            ? $"{room.Name} must not use {assembly} ({type.Name})"
            : null;
    }
}
