namespace Recurrent.Parameters;

/// <summary>A parameter would have more weights than an array can hold; its layer says so in its own name.</summary>
/// <param name="message">What is too large, and what to change.</param>
internal sealed class ParameterSizeException(string message) : ArgumentException(message);
