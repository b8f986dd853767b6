export interface Config {
  promotions?: {
    /** Every change of delivery as a CloudEvent in a stream of NATS JetStream. */
    nats?: {
      /** Addresses, `tls://nats.example:4222`; `nats://` on loopback only. */
      servers: string[];
      /** Name of the stream; `PORTICO` unless told. It is made when it is missing. */
      stream?: string;
      /** Begins the subjects; `portico` unless told. */
      subjectPrefix?: string;
      /**
       * Token of the connection.
       *
       * @visibility secret
       */
      token?: string;
      user?: string;
      /**
       * @visibility secret
       */
      password?: string;
    };
  };
}
