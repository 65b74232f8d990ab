namespace Recurrent.Data;

/// <summary>One of the two ends of a sequence.</summary>
public enum SequenceEnd
{
    /// <summary>Before the first step: Keras's <c>pre</c>.</summary>
    Pre,

    /// <summary>After the last step: Keras's <c>post</c>.</summary>
    Post,
}
