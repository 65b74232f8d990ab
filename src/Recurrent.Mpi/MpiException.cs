namespace Recurrent.Mpi;

/// <summary>MPI is not there, or a call of it has failed.</summary>
public sealed class MpiException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What went wrong, and what to do.</param>
    public MpiException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception without a message.</summary>
    public MpiException()
        : this("A call of MPI has failed.")
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">What went wrong, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public MpiException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
