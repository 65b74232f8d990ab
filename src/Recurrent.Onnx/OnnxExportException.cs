namespace Recurrent.Onnx;

/// <summary>A model, or a part of it, that cannot be written to an ONNX file: the message names the layer and says why.</summary>
public sealed class OnnxExportException : NotSupportedException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which layer it is, why there is no way to write it, and what to do.</param>
    public OnnxExportException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">Which layer it is, why there is no way to write it, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public OnnxExportException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception without a message.</summary>
    public OnnxExportException()
    {
    }
}
