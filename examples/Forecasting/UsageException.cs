namespace Recurrent.Examples.Forecasting;

/// <summary>Arguments that the program cannot work with; the message says which, and what would be right.</summary>
internal sealed class UsageException(string message) : Exception(message);
