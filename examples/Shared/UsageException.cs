namespace Recurrent.Examples;

/// <summary>Arguments that a program cannot work with; the message says which, and what would be right.</summary>
internal sealed class UsageException(string message) : Exception(message);
