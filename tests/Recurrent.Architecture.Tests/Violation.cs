using Microsoft.CodeAnalysis;

namespace Recurrent.Architecture.Tests;

/// <summary>A line of source that breaks a rule, as a message shows it: <c>src/…/LSTM.cs(12): …</c>.</summary>
internal sealed record Violation(string File, int Line, string Message)
{
    internal static Violation At(SyntaxNode node, string message) => At(node.GetLocation(), message);

    internal static Violation At(SyntaxToken token, string message) => At(token.GetLocation(), message);

    public override string ToString() => $"{File}({Line}): {Message}";

    private static Violation At(Location location, string message)
    {
        FileLinePositionSpan span = location.GetLineSpan();
        return new(span.Path, span.StartLinePosition.Line + 1, message);
    }
}
